"""Spots what may identify somebody: one rule sheet, the same spans here and on the device."""

import re
from dataclasses import dataclass

from concerns.words.folding import OTHER, fold
from concerns.words.names import names, ordinary
from concerns.words.sheet import RULES, Rule

_CAPITALS = re.compile(r"[A-Za-z][A-Za-z'.]*")


@dataclass(frozen=True, order=True)
class Span:
    """A detail that may identify somebody: from `start` up to `end`, counted in code points."""

    start: int
    end: int
    kind: str
    tier: str


def spot(text: str) -> list[Span]:
    """The identifying details of a text, in their order; none overlaps another."""
    line, places = fold(text)
    seen, found = line, []
    for rule in RULES:
        matches = _matches(rule, seen)
        found += [(start, end, rule.kind, "strong") for start, end in matches]
        seen = _blotted(seen, matches)
    found += [(named.start, named.end, named.kind, named.tier) for named in names(line, seen)]
    return sorted(Span(places[start], places[end], kind, tier) for start, end, kind, tier in found)


def _blotted(seen: str, matches: list[tuple[int, int]]) -> str:
    """The text without what was found, so that no later rule finds it again."""
    parts, last = [], 0
    for start, end in matches:
        parts += [seen[last:start], OTHER * (end - start)]
        last = end
    return "".join([*parts, seen[last:]])


def _matches(rule: Rule, seen: str) -> list[tuple[int, int]]:
    found = []
    for match in rule.find.finditer(seen):
        lead = match[1] if rule.find.groups and match[1] else ""
        start, end = match.start() + len(lead), match.start() + len(match[0].rstrip(" ,.?:\n\r\t"))
        start = _checked(rule.check, seen, start, end)
        if 0 <= start < end:
            found.append((start, end))
    return found


def _checked(check: str, seen: str, start: int, end: int) -> int:
    """Where the detail begins, -1 where it is none."""
    if check == "nhs":
        return start if _is_nhs_number(seen[start:end]) else -1
    if check == "proper":
        capitals = list(_CAPITALS.finditer(seen[start:end]))
        proper = next((word for word in capitals[:-1] if not ordinary(word[0])), None)
        return start + proper.start() if proper else -1
    return start


def _is_nhs_number(text: str) -> bool:
    """Whether the last digit is the check digit that the first nine ask for, modulo 11."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    return sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11 == 0 if len(digits) == 10 else False
