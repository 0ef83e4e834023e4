"""The invented organisation of each sector: the answers that set-up reads, and where its people work."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from concerns.areas.rules import LEAST_STAFF, areas_of

#: what the admin expected before any flag, by the size of the story
ESTIMATES: Mapping[str, int] = {"small": 100, "medium": 640, "large": 1900}
#: how often the invented head-counts are taken: a story of more flags is one of more people. Small teams stay small
TIMES: Mapping[str, int] = {"small": 1, "medium": 4, "large": 10}
#: in every invented organisation alike
READ_INSTEAD: Mapping[str, str] = {
    "guardian": "The other guardian. Keep the one it is about out on the form",
    "head": "The guardians, who report it to the chair",
    "chair": "The guardians, who report it to the regulator",
    "admin": "The guardians. The admin can read no concern",
}
_FOLDER = Path(__file__).parent / "organisations"


@dataclass(frozen=True)
class Place:
    """An area as the story needs it: `setting` says how people there talk, `voice` how readily they tell (1 is usual)."""

    code: str
    name: str
    division: str
    staff: int
    setting: str
    voice: float


def organisation(sector: str = "nhs", size: str = "medium") -> dict[str, Any]:
    """The invented organisation as `concerns init --answers` would read it: a document of one's own to change."""
    document = deepcopy(_document(sector))
    document["read_instead"] = dict(READ_INSTEAD)
    document["organisation"]["flags_per_year"] = ESTIMATES[size]
    for area in document["areas"]:
        del area["setting"], area["voice"]
        if area["staff"] >= LEAST_STAFF:
            area["staff"] *= TIMES[size]
    return document


def later_answers(sector: str = "nhs") -> list[dict[str, Any]]:
    """What the organisation answered later: theme, month, known, doing. Empty where the story says nothing of it."""
    path = _FOLDER / f"{sector}_answers.toml"
    if not path.exists():
        return []
    answers: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["answers"]
    return answers


@cache
def leaders_script(sector: str = "nhs") -> Mapping[str, Any]:
    """What the organisation's leaders promised, typed in and wrote, and what a visitor asked them."""
    return tomllib.loads((_FOLDER / f"{sector}_leaders.toml").read_text(encoding="utf-8"))


@cache
def places(sector: str = "nhs") -> tuple[Place, ...]:
    """The areas of the invented organisation, with the codes that founding gives them."""
    rows = _document(sector)["areas"]
    facts = areas_of([(row["name"], row["division"], row["staff"]) for row in rows])
    return tuple(
        Place(area.code, area.name, area.division, area.staff, row["setting"], row["voice"])
        for area, row in zip(facts, rows, strict=True)
    )


@cache
def _document(sector: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{sector}.toml").read_text(encoding="utf-8"))
