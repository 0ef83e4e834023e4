"""The profile of a statutory return: which totals a law names, as data."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concerns.themes.rules import SPINE

#: an organisation's own profile, in its instance's folder
OWN_FILE = "returns.toml"
_FOLDER = Path(__file__).parent / "returns"
#: what a category may count
COUNTS = ("all", "anonymous", "themes", "detriment")


class ProfileRefused(ValueError):
    """A profile that cannot be used; the message says why."""


@dataclass(frozen=True)
class Category:
    """One total. `themes` holds spine codes, where it counts by themes."""

    code: str
    name: str
    counts: str
    themes: tuple[str, ...] = ()

    def holds(self, spines: Iterable[str], *, anonymous: bool, detriment: bool) -> bool:
        """Whether a flag belongs to it. A flag may belong to several: the totals add up to more than all flags."""
        if self.counts == "themes":
            return not set(self.themes).isdisjoint(spines)
        return {"all": True, "anonymous": anonymous, "detriment": detriment}[self.counts]


@dataclass(frozen=True)
class Profile:
    name: str
    categories: tuple[Category, ...]


def profile_of(sector: str, directory: Path) -> Profile | None:
    """The organisation's own profile, or its sector's; None where no law that we know asks it. Raises ProfileRefused."""
    own, packed = directory / OWN_FILE, _FOLDER / f"{sector}.toml"
    path = own if own.exists() else packed
    if not path.exists():
        return None
    try:
        return _profile(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProfileRefused(f"The list of totals in {path.name} cannot be used: {error}.") from error


def _profile(table: dict[str, Any]) -> Profile:
    categories = tuple(
        Category(str(one["code"]), str(one["name"]), str(one["counts"]), tuple(one.get("themes", ())))
        for one in table["categories"]
    )
    for one in categories:
        if (
            one.counts not in COUNTS
            or (one.counts == "themes") != bool(one.themes)
            or not set(one.themes) <= set(SPINE)
        ):
            raise ValueError(f"what “{one.code}” counts is not clear")
    if not categories or len({one.code for one in categories}) < len(categories):
        raise ValueError("each total needs a code of its own")
    return Profile(str(table["name"]), categories)
