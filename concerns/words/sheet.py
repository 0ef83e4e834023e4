"""Reads spotting.json, the rules that Python and the script share, and makes them ready."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concerns.words.packing import unpack

_SHEET: dict[str, Any] = json.loads(Path(__file__).with_name("spotting.json").read_text(encoding="utf-8"))
_FLAGS = re.ASCII


@dataclass(frozen=True)
class Rule:
    """One pattern. What its first group holds leads up to the detail and is no part of it."""

    kind: str
    find: re.Pattern[str]
    check: str


def pattern(find: str, *, case: bool = False) -> re.Pattern[str]:
    """A pattern of the sheet, ready: parts in braces put in, a space standing for up to three of any kind."""
    while (full := re.sub(r"\{([A-Z]+)\}", lambda part: _SHEET["parts"][part[1]], find)) != find:
        find = full
    find = find.replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,3}")
    return re.compile(find, _FLAGS if case else _FLAGS | re.IGNORECASE)


def words(name: str) -> frozenset[str]:
    """One of the sheet's word lists."""
    return unpack(_SHEET["words"][name])


SIGNS: dict[str, str] = {sign: plain for plain, signs in _SHEET["signs"].items() for sign in signs}
WIDER = tuple((kind, pattern(find), code) for kind, find, code in _SHEET["wider"])
MONTHS: tuple[str, ...] = tuple(_SHEET["months"].split())
#: the English of every code; most codes are their own words
WORDINGS: dict[str, str] = {code: code.replace("-", " ") for _, _, code in WIDER if code and code != "month"}
WORDINGS |= _SHEET["wordings"]
for _month in MONTHS:
    WORDINGS |= {_month.lower(): _month, f"in-{_month.lower()}": f"in {_month}"}
RULES = tuple(
    Rule(rule["kind"], pattern(rule["find"], case=rule.get("case", False)), rule.get("check", ""))
    for rule in _SHEET["rules"]
)
