"""What themes are called, those too that ended: a promise or an answer outlives the theme set in which it was given."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.themes.model import Theme, ThemeSet
from concerns.themes.queries import version_on
from concerns.themes.rules import ThemeFacts


@dataclass(frozen=True)
class Ended:
    """A theme that the set of today no longer has, as the last set that had it says."""

    facts: ThemeFacts
    #: the first day without it
    since: dt.date


@dataclass(frozen=True)
class Themes:
    """Every theme there was up to one day, by code. A code never comes to stand for another theme."""

    current: Mapping[str, ThemeFacts]
    ended: Mapping[str, Ended]

    @property
    def names(self) -> Mapping[str, str]:
        """By code, those of today first."""
        found = (*self.current.values(), *(one.facts for one in self.ended.values()))
        return {theme.code: theme.name for theme in found}


def themes_on(reader: Session, day: dt.date) -> Themes:
    """The themes of all sets up to the one in force on this day. Raises NoThemeSet."""
    version = version_on(reader, day)
    starts = {row.version: row.starts_on for row in reader.execute(select(ThemeSet.version, ThemeSet.starts_on))}
    rows = reader.scalars(select(Theme).where(Theme.version <= version).order_by(Theme.version, Theme.position)).all()
    last = {row.code: row for row in rows}
    current = {row.code: _facts(row) for row in rows if row.version == version and not row.retired}
    return Themes(
        current,
        {
            code: Ended(_facts(row), starts[row.version if row.retired else min(n for n in starts if n > row.version)])
            for code, row in last.items()
            if code not in current
        },
    )


def _facts(row: Theme) -> ThemeFacts:
    return ThemeFacts(row.code, row.name, row.spine, row.group, row.definition, tuple(row.keywords))
