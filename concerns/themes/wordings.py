"""Describes a theme anew, at once, and keeps how it was described before: to be put back, and to be compared with."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.themes.model import Theme, ThemeSet, ThemeWording
from concerns.themes.rules import ThemeFacts

#: changes among which those of the newest day are looked for
MOST_OF_DAY = 500


class Words(NamedTuple):
    """How a theme is described."""

    definition: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """How a theme was described until a day, on which somebody changed it."""

    #: rises from change to change
    n: int
    words: Words
    until: dt.date
    changed_by: bytes


@dataclass(frozen=True)
class Rewording:
    """What was changed at once on the newest day on which words of these themes were."""

    on: dt.date
    #: the whole set as it was described before that day, and as it is now
    before: tuple[ThemeFacts, ...]
    now: tuple[ThemeFacts, ...]

    @property
    def changed(self) -> list[tuple[ThemeFacts, ThemeFacts]]:
        """The themes that are described otherwise now: before, and now."""
        return [pair for pair in zip(self.before, self.now, strict=True) if pair[0] != pair[1]]


def reword_theme(main: Session, code: str, words: Words, since: int, today: dt.date, person_id: bytes) -> None:
    """Describe a theme anew, at once, in this version of the set and in a later one that waits.

    What it was described by until today is kept; where it is described so already, nothing is done.
    """
    # two admins at once have one number each
    main.scalars(select(ThemeSet.version).where(ThemeSet.version == since).with_for_update()).one()
    rows = main.scalars(select(Theme).where(Theme.code == code, Theme.version >= since).order_by(Theme.version)).all()
    before = Words(rows[0].definition, tuple(rows[0].keywords)) if rows else words
    if before == words:
        return
    n = (main.scalar(select(func.max(ThemeWording.n))) or 0) + 1
    main.add(ThemeWording(n=n, code=code, until=today, changed_by=person_id, **_stored(before)))
    for row in rows:
        row.definition, row.keywords = words.definition, list(words.keywords)
    main.flush()


def earlier(main: Session, code: str, most: int, under: int | None = None) -> list[Earlier]:
    """How a theme was described, the newest first, at most so many; `under` leaves out this number and later ones."""
    rows = select(ThemeWording).where(ThemeWording.code == code)
    if under is not None:
        rows = rows.where(ThemeWording.n < under)
    return [_earlier(row) for row in main.scalars(rows.order_by(ThemeWording.n.desc()).limit(most))]


def earlier_one(main: Session, code: str, n: int) -> Earlier | None:
    """One of them; None where this theme has none with this number."""
    row = main.get(ThemeWording, n)
    return _earlier(row) if row is not None and row.code == code else None


def newest_rewording(main: Session, themes: Sequence[ThemeFacts]) -> Rewording | None:
    """How these themes, which are in force, were described before the newest day on which somebody changed words.

    A day is one change, however often she saved on it. None where words were never changed.
    """
    codes = [theme.code for theme in themes]
    asked = select(ThemeWording.n, ThemeWording.code, ThemeWording.until).where(ThemeWording.code.in_(codes))
    newest = main.execute(asked.order_by(ThemeWording.n.desc()).limit(MOST_OF_DAY)).all()
    if not newest:
        return None
    day = newest[0].until
    first = {row.code: row.n for row in newest if row.until == day}
    rows = main.scalars(select(ThemeWording).where(ThemeWording.n.in_(first.values()))).all()
    return Rewording(day, _described(themes, {row.code: _earlier(row).words for row in rows}), tuple(themes))


def _described(themes: Sequence[ThemeFacts], words: Mapping[str, Words]) -> tuple[ThemeFacts, ...]:
    return tuple(replace(theme, **words[theme.code]._asdict()) if theme.code in words else theme for theme in themes)


def _earlier(row: ThemeWording) -> Earlier:
    return Earlier(row.n, Words(row.definition, tuple(row.keywords)), row.until, row.changed_by)


def _stored(words: Words) -> dict[str, object]:
    return {"definition": words.definition, "keywords": list(words.keywords)}
