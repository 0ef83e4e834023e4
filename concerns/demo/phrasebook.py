"""The hand-written sentences of the demo, and how one sentence becomes many: `{a|b}` is a choice, `{place}` a word."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_FOLDER = Path(__file__).parent / "phrases"
_SLOT = re.compile(r"\{([^{}]*)\}")
_START = re.compile(r"(?:^|[.?!] )[a-z]")

Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Setting:
    """How people talk where they work: which lists of a theme fit, and the words for `{place}` and its like."""

    lists: tuple[str, ...]
    sees_people: bool
    words: Lists


@dataclass(frozen=True)
class Phrasebook:
    """Everything a sector's reporters and guardians can say. `themes` is by theme code, and by `other`."""

    common: Lists
    themes: Mapping[str, Lists]
    settings: Mapping[str, Setting]

    def cores(self, theme: str, setting: str, news: Sequence[str] = ()) -> list[str]:
        """The sentences about a theme that fit a setting, and those in the lists named by `news`."""
        lists = self.themes[theme]
        return [sentence for name in (*self.settings[setting].lists, *news) for sentence in lists.get(name, ())]

    def turns(self, theme: str, setting: str, key: str) -> list[str]:
        """A theme's `consequence` or `hope` sentences that fit a setting."""
        lists, seen = self.themes[theme], self.settings[setting].sees_people
        return [*lists.get(key, ()), *(lists.get(f"{key}_care", ()) if seen else ())]


@dataclass
class Bags:
    """Draws from lists so that every item comes up once before any comes up again."""

    rng: Random
    _bags: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def draw(self, key: tuple[str, ...], items: Sequence[str], without: Collection[str] = ()) -> str:
        """The next item of the bag with this key, but none of `without` unless nothing else is left.

        `items` fills and refills the bag, and must not be empty.
        """
        bag = self._bags.setdefault(key, [])
        for _ in range(2):
            for position in range(len(bag) - 1, -1, -1):
                if bag[position] not in without:
                    return bag.pop(position)
            bag[:] = self.rng.sample(list(items), len(items))
        return bag.pop()


@cache
def phrasebook(sector: str) -> Phrasebook:
    """The sentences of a sector, together with those that fit every sector."""
    common, own = _read(_FOLDER / "common.toml"), _read(_FOLDER / sector / "_sector.toml")
    words, settings = own.pop("words"), own.pop("settings")
    return Phrasebook(
        common={key: [*lists, *own.get(key, ())] for key, lists in common.items()},
        themes={path.stem: _read(path) for path in sorted((_FOLDER / sector).glob("[!_]*.toml"))},
        settings={name: _setting(table, words) for name, table in settings.items()},
    )


def expand(template: str, words: Lists, rng: Random) -> str:
    """One sentence of the many that a template stands for; sentences start with a capital."""

    def pick(slot: re.Match[str]) -> str:
        inner: str = slot[1]
        return rng.choice(inner.split("|") if "|" in inner else words[inner])

    while "{" in template:
        template = _SLOT.sub(pick, template)
    return _START.sub(lambda start: start[0].upper(), " ".join(template.split()))


def _setting(table: dict[str, Any], words: Lists) -> Setting:
    lists, sees_people = tuple(table.pop("lists")), table.pop("sees_people")
    return Setting(lists, sees_people, {**words, **table})


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
