"""Fetches everything that a report and its board paper are made of: releases, promises, released words, typed-in figures."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import Frozen, check_held, releases
from concerns.learning import released
from concerns.learning.promises.queries import Promises, promises
from concerns.learning.released import Passage, Spoken, passages
from concerns.learning.rules import LEARNING, published_on
from concerns.learning.standing import Authority, authority
from concerns.learning.themes import themes_on
from concerns.people.duties.reading_days import tally
from concerns.people.duties.rules import Tally
from concerns.reports import queries
from concerns.reports.handling import Handled, handled
from concerns.reports.parts import Quoted
from concerns.reports.queries import Shelf
from concerns.reports.reading import service as reading
from concerns.reports.reading.guide import Guide, guide
from concerns.reports.reading.lines import Line, lines_of
from concerns.reports.rules import Report, report
from concerns.store.house import House

#: learning points on a page, the newest
MOST_POINTS = 8


@dataclass(frozen=True)
class Point:
    """A learning point that staff can read, with its theme and the month in which it appeared."""

    name: str
    passage: Passage


@dataclass(frozen=True)
class Material:
    """What can be said of one release today."""

    frozen: Frozen
    report: Report
    guide: Guide
    promises: Promises
    handled: Handled | None
    handling_declared: bool
    #: what guardians say; what they took out too
    said: Spoken
    #: learning points that staff can read
    points: tuple[Point, ...]
    #: on how many reading days a guardian was there
    reading_days: Tally
    today: dt.date

    @property
    def period(self) -> Period:
        return self.frozen.period

    @property
    def view(self) -> Quoted | None:
        """The guardians' view, for a paper to quote."""
        view = self.said.view
        return quoted("", view) if view and not view.withdrawn else None

    @property
    def narratives(self) -> tuple[Quoted, ...]:
        found = self.said.narratives.items()
        return tuple(quoted(self.report.name_of(key), one) for key, one in found if not one.withdrawn)

    @property
    def learnt(self) -> tuple[Quoted, ...]:
        return learnt(self.points)

    @property
    def words(self) -> dict[str, Passage]:
        """The texts of the learning points by id, as a page looks up what its parts quote."""
        return {one.passage.id.hex(): one.passage for one in self.points}


@dataclass(frozen=True)
class Uncounted:
    """What can be said of a period where no kind of release is declared: no number made of flags is in it."""

    organisation: str
    period: Period
    promises: Promises
    #: typed-in figures, by measure
    lines: Mapping[str, Line]
    points: tuple[Point, ...]


def gather(reader: Session, house: House, shelf: Shelf, frozen: Frozen) -> Material:
    """Everything about one release and those of its kind before it.

    Raises LedgerRefused where the table of how flags were handled is not the one that the ledger holds.
    """
    tables = releases(reader, Kind.HANDLING)
    check_held(tables, Ledger(house.directory))
    earlier, today = [one.stored for one in shelf.before(frozen.period)], house.today()
    trusted, year = authority(reader, house.directory), shelf.year_before(frozen.period)
    return Material(
        frozen,
        report(frozen.stored, earlier),
        guide([*earlier, frozen.stored], reading.figures(reader), reading.notes(reader), year.stored if year else None),
        promises(reader, today),
        handled([one.stored for one in tables], frozen.period),
        queries.declares(reader, house.directory, Kind.HANDLING, today),
        released.spoken(reader, frozen.stored, trusted),
        points(reader, house, trusted),
        tally(reader, today),
        today,
    )


def gather_uncounted(reader: Session, house: House, period: Period) -> Uncounted:
    """Everything about one period of an organisation that reports no number."""
    return Uncounted(
        organisation(reader).name,
        period,
        promises(reader, house.today()),
        lines_of(reading.figures(reader), period),
        points(reader, house, authority(reader, house.directory)),
    )


def points(reader: Session, house: House, trusted: Authority | None) -> tuple[Point, ...]:
    """The newest learning points that staff can read."""
    today = house.today()
    published = [
        one
        for one in (passages(reader, [LEARNING], trusted) if trusted else [])
        if not one.withdrawn and published_on(one.month) <= today
    ]
    names = themes_on(reader, today).names if published else {}
    return tuple(
        Point(f"{names.get(one.about, one.about)}, {published_on(one.month).strftime('%B %Y')}", one)
        for one in published[:MOST_POINTS]
    )


def learnt(points: Iterable[Point]) -> tuple[Quoted, ...]:
    """Learning points for a part to quote."""
    return tuple(quoted(one.name, one.passage) for one in points)


def text_mark(text: str) -> str:
    """What binds a released text to a paper without standing in it."""
    return hashlib.sha256(text.encode()).hexdigest()


def quoted(name: str, one: Passage) -> Quoted:
    return Quoted(one.id.hex(), text_mark(one.text), name)
