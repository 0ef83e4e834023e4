"""Reads a list of themes from TOML, and finds a theme by its name or code."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: the fixed codes by which sectors and organisations compare lessons
SPINE: Mapping[str, str] = {
    "CARE": "Safety of the people we serve",
    "SAFE": "Safeguarding",
    "STAF": "Staffing",
    "WELL": "Safety and wellbeing at work",
    "BEHV": "Behaviour and bullying",
    "SEXH": "Sexual harassment",
    "EQUA": "Discrimination",
    "LEAD": "Leadership and being heard",
    "PROC": "Process and records",
    "MONY": "Money and fraud",
    "DATA": "Data and digital",
    "ESTE": "Buildings and equipment",
    "SKIL": "Training and supervision",
    "PART": "Partners and outside views",
}
#: a flag that fits no theme counts under this code, so no theme may have it
OTHER = "other"
_KEYS = {"code", "name", "definition", "keywords", "spine", "group"}
_LONGEST = {"code": 20, "name": 120, "group": 80, "definition": 500, "keyword": 80}
#: controls, lone halves of characters, and what ends a line or a paragraph; a definition may have lines
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})


class PackError(ValueError):
    """A list of themes that cannot be used; the message names the entry and its line."""


@dataclass(frozen=True)
class ThemeFacts:
    """A theme as everybody may know it. `spine` and `group` are None in a set of one's own."""

    code: str
    name: str
    spine: str | None
    group: str | None
    definition: str
    keywords: tuple[str, ...]


def parse_themes(text: str) -> tuple[ThemeFacts, ...]:
    """The themes of a TOML text with one `[[themes]]` entry each, in its order.

    A byte-order mark before it is passed over. Raises PackError where the text is not TOML, holds no theme, or an entry is wrong or repeated.
    """
    try:
        entries = tomllib.loads(text.removeprefix("\ufeff")).get("themes")
    except RecursionError:
        raise PackError("The list of themes is nested too deep.") from None
    except ValueError as wrong:  # not TOML, or a number too long to be one
        raise PackError(f"The list of themes is not valid TOML: {wrong}.") from None
    return themes_of(entries, entry_lines(text))


def themes_of(entries: object, lines: Sequence[int] = ()) -> tuple[ThemeFacts, ...]:
    """The themes of a parsed `themes` array; `lines` holds the line on which each entry starts."""
    if not isinstance(entries, list) or not entries:
        raise PackError("The list of themes holds no [[themes]] entry.")
    found: list[ThemeFacts] = []
    for index, entry in enumerate(entries):
        where = f"Theme {index + 1}" + (f" (line {lines[index]})" if index < len(lines) else "")
        theme = _theme(entry, where)
        _refuse_repeated(theme, found, where)
        found.append(theme)
    return tuple(found)


def entry_lines(text: str) -> list[int]:
    """The line numbers, from 1, on which `[[themes]]` entries start."""
    return [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*themes\s*\]\]", line)]


def find(themes: Iterable[ThemeFacts], text: str) -> ThemeFacts | None:
    """The theme with this code or name, in upper or lower case; a code wins over a name."""
    wanted, themes = _folded(text), tuple(themes)
    return next(
        (t for t in themes if _folded(t.code) == wanted),
        next((t for t in themes if _folded(t.name) == wanted), None),
    )


def groups(themes: Iterable[ThemeFacts]) -> tuple[str, ...]:
    """The groups in order of appearance; empty unless every theme has one."""
    named = [t.group for t in themes]
    return () if None in named else tuple(dict.fromkeys(g for g in named if g))


def _theme(entry: Any, where: str) -> ThemeFacts:
    if not isinstance(entry, Mapping):
        raise PackError(f"{where} is not a [[themes]] table.")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise PackError(f"{where} has a key we do not know: {', '.join(map(_on_one_line, unknown))}.")
    code, name, definition = (_text(entry, key, where) for key in ("code", "name", "definition"))
    if _folded(code) == OTHER or _folded(name) == OTHER:
        raise PackError(f"{where} is called “other”, which is kept for flags that fit no theme.")
    spine, group = (_text(entry, key, where) if key in entry else None for key in ("spine", "group"))
    if spine is not None and spine not in SPINE:
        raise PackError(f"{where} has the spine code “{spine[:20]}”; it must be one of {', '.join(SPINE)}.")
    return ThemeFacts(code, name, spine, group, definition, _keywords(entry, where))


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PackError(f"{where} has no {key}.")
    if _has_controls(" ".join(value.split()) if key == "definition" else value):
        raise PackError(f"{where} has a line break or another control character in its {key}.")
    return _fitting(value, key, where)


def _fitting(value: str, key: str, where: str) -> str:
    value, longest = " ".join(value.split()), _LONGEST.get(key, 500)
    if len(value) > longest:
        raise PackError(f"{where} has a {key} of {len(value)} characters; at most {longest} fit.")
    return value


def _keywords(entry: Mapping[str, Any], where: str) -> tuple[str, ...]:
    words = entry.get("keywords", [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise PackError(f"{where} has keywords that are not a list of words.")
    if any(_has_controls(word) for word in words):
        raise PackError(f"{where} has a line break or another control character in its keywords.")
    return tuple(dict.fromkeys(_fitting(word, "keyword", where) for word in words))


def _refuse_repeated(theme: ThemeFacts, earlier: Sequence[ThemeFacts], where: str) -> None:
    for other in earlier:
        if _folded(theme.code) == _folded(other.code):
            raise PackError(f"{where} repeats the code “{theme.code}”.")
        if _folded(theme.name) == _folded(other.name):
            raise PackError(f"{where} repeats the name “{theme.name}”.")


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(sign) in _CONTROLS for sign in text)


def _on_one_line(text: str) -> str:
    return " ".join("".join(" " if _has_controls(sign) else sign for sign in text).split())[:60]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
