"""Looks up which themes guardians sort by on a day, or in a version of the set."""

import datetime as dt
from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.themes.mapping import Lineage, Pair, later_codes, lineages
from concerns.themes.model import Theme, ThemeMapping, ThemeSet
from concerns.themes.rules import ThemeFacts


class NoThemeSet(LookupError):
    """Set-up has not stored a theme set yet, or no such version exists."""


def version_on(main: Session, day: dt.date) -> int:
    """The version in force on a day; before the first one starts (imports of older flags), the first."""
    started = select(ThemeSet.version).where(ThemeSet.starts_on <= day).order_by(ThemeSet.version.desc())
    first = select(ThemeSet.version).order_by(ThemeSet.version)
    version = main.scalar(started.limit(1)) or main.scalar(first.limit(1))
    if version is None:
        raise NoThemeSet("No theme set has been stored yet.")
    return version


def set_of(main: Session, version: int) -> list[ThemeFacts]:
    """The themes of a version in the admin's order, without the retired ones."""
    rows = main.scalars(
        select(Theme).where(Theme.version == version, Theme.retired.is_(False)).order_by(Theme.position)
    ).all()
    if not rows:
        raise NoThemeSet(f"There is no theme set with version {version}.")
    return [_facts(row) for row in rows]


def current_set(main: Session, day: dt.date) -> list[ThemeFacts]:
    """The themes that guardians sort by on this day."""
    return set_of(main, version_on(main, day))


def latest_version(main: Session) -> int:
    """The newest version, in force or not. Raises NoThemeSet."""
    version: int | None = main.scalar(select(func.max(ThemeSet.version)))
    if version is None:
        raise NoThemeSet("No theme set has been stored yet.")
    return version


def used_codes(main: Session) -> frozenset[str]:
    """The codes of all versions there ever were: none may come to stand for something else."""
    return frozenset(main.scalars(select(Theme.code).distinct()))


def spines_of(main: Session, version: int) -> dict[str, str]:
    """The spine code of every theme that has one, as this version of the set says.

    Only of a code that it lacks does another one speak: the newest before it, else the next after it. A theme whose
    spine code was taken away has none, whatever it had in another version.
    """
    rows = main.execute(select(Theme.version, Theme.code, Theme.spine)).all()
    # the later ones first, the farthest ahead, then from the first one on: whoever comes last has the word
    by_weight = sorted(rows, key=lambda row: -row.version if row.version > version else row.version)
    spines = {code: spine for _version, code, spine in by_weight}
    return {code: spine for code, spine in spines.items() if spine}


def pairs_into(main: Session, version: int) -> frozenset[Pair]:
    """What became in this version of the themes of the one before."""
    rows = select(ThemeMapping.old, ThemeMapping.new).where(ThemeMapping.version == version)
    return frozenset((old, new) for old, new in main.execute(rows))


def lineages_of(main: Session, version: int) -> dict[str, Lineage]:
    """Where each theme of a version comes from."""
    steps: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = select(ThemeMapping).where(ThemeMapping.version <= version)
    for row in main.scalars(rows):
        steps[row.version].append((row.old, row.new))
    return lineages([steps[number] for number in sorted(steps)], [theme.code for theme in set_of(main, version)])


def later_of(main: Session, version: int) -> dict[str, str]:
    """Which theme of a version a code of a newer one stands for, where it stands for one alone."""
    own = [theme.code for theme in set_of(main, version)]
    found: dict[str, str] = {}
    for newer in main.scalars(select(ThemeSet.version).where(ThemeSet.version > version).order_by(ThemeSet.version)):
        found |= later_codes(own, lineages_of(main, newer))
    return found


def _facts(row: Theme) -> ThemeFacts:
    return ThemeFacts(row.code, row.name, row.spine, row.group, row.definition, tuple(row.keywords))
