"""What a part of a report is: its message, and at most one picture and one table. Page, print and PDF share them. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from concerns.disclosure.display import HIDDEN
from concerns.reports.rows import Bar, Row
from concerns.reports.shapes import Chart

#: said once on a page, wherever a number may be hidden
ABOUT_HIDDEN = (
    f"“{HIDDEN.capitalize()}” can mean none, a few, or so many that they would point at a small place. "
    "It always looks the same, so that it tells nothing about anybody."
)


@dataclass(frozen=True)
class Grid:
    """A table of texts; the first column names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Count:
    """A number as a table shows it, and one sentence below. Zero, few, hidden and too large a share look the same."""

    name: str
    text: str
    shown: bool
    bar: Bar | None
    signal: bool = False
    answer: str = ""
    #: a signal to which nobody has promised or given an answer
    owes: bool = False

    @classmethod
    def of(cls, row: Row, answer: str = "", drawn: Bar | None = None) -> "Count":
        return cls(row.name, row.text, row.shown is not None, drawn or row.bar, row.signal, answer)


@dataclass(frozen=True)
class Quoted:
    """A released text, by its id and the hash of its words: they are looked up when the page is shown, and may be withdrawn."""

    id: str
    hash: str
    name: str


@dataclass(frozen=True)
class Part:
    """One part: what it is about, its message, and what stands below."""

    name: str
    message: str
    said: tuple[str, ...] = ()
    chart: Chart | None = None
    #: what the rows with bars are, and they
    of: str = ""
    bars: tuple[Count, ...] = ()
    #: the last row, without a bar: it is of another size
    total: Count | None = None
    grid: Grid | None = None
    #: what somebody typed, by heading
    typed: tuple[tuple[str, str], ...] = ()
    quoted: tuple[Quoted, ...] = field(default=())


def in_words(day: dt.date) -> str:
    return f"{day.day} {day.strftime('%B %Y')}"
