"""Reads the texts that two guardians released, and passes over whatever does not hold."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.disclosure.document import Stored
from concerns.disclosure.queries import releases
from concerns.learning.model import ReleasedText
from concerns.learning.rules import ESCALATION, NARRATIVE, OF_A_RELEASE, VIEW, parts_in
from concerns.learning.standing import Authority, holds, shown_keys

#: escalations on one page, the newest
MOST = 50


@dataclass(frozen=True)
class Passage:
    """A released text as a page shows it; `parts` are empty where it was withdrawn."""

    id: bytes
    kind: str
    period: str
    about: str
    parts: dict[str, str]
    #: months, by their first day
    month: dt.date
    withdrawn: dt.date | None

    @property
    def text(self) -> str:
        return self.parts.get("text", "")


@dataclass(frozen=True)
class Spoken:
    """What guardians say beside one release."""

    #: by theme's code or group's name
    narratives: Mapping[str, Passage]
    view: Passage | None


@dataclass
class Releases:
    """What the frozen releases ever showed; they are read only where somebody asks."""

    main: Session

    @cached_property
    def _stored(self) -> tuple[Stored, ...]:
        return tuple(one.stored for one in releases(self.main))

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(key for one in self._stored for key in shown_keys(one))

    def heirs_of(self, code: str) -> frozenset[str]:
        """The themes of later sets that flags about this one went to, as the tables of releases say."""
        themes = (theme for one in self._stored for theme in one.table.themes)
        return frozenset(theme.code for theme in themes if code in (*theme.whole, *theme.partly))

    def ever_showed(self, keys: Collection[str]) -> bool:
        """Whether the number of any of these themes or groups was ever shown."""
        return not self._keys.isdisjoint(keys)


def passages(main: Session, kinds: Collection[str], authority: Authority, period: str | None = None) -> list[Passage]:
    """The texts of these kinds that hold, or were withdrawn after they could be read, the newest first."""
    query = select(ReleasedText).where(ReleasedText.kind.in_(kinds))
    if period is not None:
        query = query.where(ReleasedText.period == period)
    found = [_passage(row) for row in main.scalars(query) if row.withdrawn or holds(row, authority)]
    # of one month, what was withdrawn comes after what took its place
    return sorted(found, key=lambda one: (-one.month.toordinal(), one.withdrawn is not None, one.id))


def spoken(main: Session, stored: Stored, authority: Authority | None) -> Spoken:
    """The narratives of a release, each on a number that is shown there, and the guardians' view of it."""
    if authority is None:
        return Spoken({}, None)
    found = passages(main, OF_A_RELEASE, authority, str(stored.period))
    shown = shown_keys(stored)
    narratives: dict[str, Passage] = {}
    for one in found:
        if one.kind == NARRATIVE and one.about in shown:
            narratives.setdefault(one.about, one)
    return Spoken(narratives, next((one for one in found if one.kind == VIEW), None))


def escalations(main: Session, authority: Authority | None) -> list[Passage]:
    """What guardians tell leaders of something severe, or of somebody who is treated badly; the newest first."""
    return passages(main, [ESCALATION], authority)[:MOST] if authority else []


def _passage(row: ReleasedText) -> Passage:
    parts = {} if row.withdrawn else parts_in(row.kind, row.body)
    return Passage(row.id, row.kind, row.period, row.about, parts, row.month, row.withdrawn)
