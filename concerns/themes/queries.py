"""Looks up which themes guardians sort by on a day, or in a version of the set."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.themes.model import Theme, ThemeSet
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


def _facts(row: Theme) -> ThemeFacts:
    return ThemeFacts(row.code, row.name, row.spine, row.group, row.definition, tuple(row.keywords))
