"""Loads the starter pack of a sector: its themes, typical parts, sign-posts, wording and first answers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from concerns.themes.rules import PackError, ThemeFacts, themes_of

SECTORS = ("council", "children", "school", "nhs")
_FOLDER = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class StandingText:
    """The first standing answer to a theme: what we already know, what we do."""

    known: str
    doing: str


@dataclass(frozen=True)
class Signpost:
    """Who to ring. `danger` marks those named first, when someone is in danger now."""

    name: str
    number: str
    hours: str
    danger: bool


@dataclass(frozen=True)
class Pack:
    """What an organisation of this sector starts from; everything may be edited after."""

    sector: str
    name: str
    themes: tuple[ThemeFacts, ...]
    #: by theme code
    answers: Mapping[str, StandingText]
    #: typical areas by division
    divisions: Mapping[str, tuple[str, ...]]
    signposts: tuple[Signpost, ...]
    #: the sector's own words on the report door, e.g. {"guardian": "Freedom to Speak Up Guardian"}
    wording: Mapping[str, str]
    #: concerns that go to somebody else first, as sentences
    routes: tuple[str, ...]
    #: days, by the policy's names
    clocks: Mapping[str, int]
    #: words and phrases of serious harm; an asterisk at the end of a word stands for any ending
    serious: tuple[str, ...]


@cache
def load_pack(sector: str) -> Pack:
    """The pack of one of SECTORS. Raises PackError for another name."""
    if sector not in SECTORS:
        raise PackError(f"There is no pack for the sector “{sector}”. Choose {', '.join(SECTORS)}.")
    return _pack(sector, tomllib.loads((_FOLDER / f"{sector}.toml").read_text(encoding="utf-8")))


def _pack(sector: str, table: dict[str, Any]) -> Pack:
    facts = [{k: v for k, v in entry.items() if k not in ("known", "doing")} for entry in table["themes"]]
    return Pack(
        sector=sector,
        name=table["name"],
        themes=themes_of(facts),
        answers={entry["code"]: StandingText(entry["known"], entry["doing"]) for entry in table["themes"]},
        divisions={entry["name"]: tuple(entry["areas"]) for entry in table["divisions"]},
        signposts=tuple(Signpost(**entry) for entry in table["signposts"]),
        wording=table["wording"],
        routes=tuple(table["routes"]),
        clocks=table["clocks"],
        serious=tuple(table["serious"]),
    )
