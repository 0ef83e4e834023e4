"""How released numbers go over time: the total's chart, and for each theme whether it is a signal or noise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from concerns.disclosure.display import HIDDEN
from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.periods import Kind, Period
from concerns.reports.control import Direction, Limits, Measured, pair_direction, release_direction, release_limits
from concerns.reports.shapes import Chart, Dot, line_chart
from concerns.reports.silence import fallen_silent, noise

#: below about so many flags a year a line would draw chance
CHART_FROM = 200
#: quarters or years on one chart
MOST = 12


@dataclass(frozen=True)
class Reading:
    """The total of one release, and how it stands against those before it."""

    period: Period
    text: str
    shown: bool
    direction: Direction
    limits: Limits | None
    #: said beside a hidden total that was shown before and cannot be compared with that
    beside: str = ""

    @property
    def remark(self) -> str:
        return (
            self.beside
            or {
                Direction.UP: "more than chance explains",
                Direction.DOWN: "fewer than chance explains",
                Direction.STEADY: "no clear change",
                Direction.EARLY: "",
            }[self.direction]
        )


@dataclass(frozen=True)
class Volume:
    """The volume over time, its message first."""

    message: str
    readings: tuple[Reading, ...]
    chart: Chart | None
    #: why there is no chart
    without: str

    @property
    def direction(self) -> Direction:
        return self.readings[-1].direction

    @property
    def hides(self) -> bool:
        """Whether any of its totals is hidden."""
        return not all(one.shown for one in self.readings)


def volume(releases: Sequence[Stored], notes: Sequence[tuple[Period, int]] = (), year: Stored | None = None) -> Volume:
    """Of the releases of one kind, oldest first; `notes` are the numbers of annotations by the period they explain.

    `year` is the newest release of a year: where there is no chart, its total is what can be said.
    """
    lately = list(releases)[-MOST:]
    readings = [_reading(releases[: place + 1]) for place in range(len(releases) - len(lately), len(releases))]
    message = _message(releases[-1], readings[-1])
    without = _why_no_chart(releases, year)
    chart = None if without else line_chart(message, [*map(_dot_maker(notes), lately, readings)])
    return Volume(message, tuple(readings), chart, without)


def measured(stored: Stored, found: Sum | None) -> Measured | None:
    """A sum as the limits take it: nothing is made of one that is hidden."""
    if found is None or found.shown is None:
        return None
    return Measured(found.measured, noise(stored, found))


def _reading(releases: Sequence[Stored]) -> Reading:
    """The total of the newest of these."""
    newest = releases[-1]
    total = newest.total
    silent, beside = fallen_silent(newest, total, [(one, one.total) for one in releases[:-1]])
    text = total.shown.text if total.shown else silent or HIDDEN
    series = [measured(one, one.total) for one in releases]
    limits = release_limits([known for known in series[:-1] if known], noise(newest, total))
    return Reading(
        newest.period, text.capitalize(), total.shown is not None, _direction(newest, series), limits, beside
    )


def _direction(newest: Stored, series: Sequence[Measured | None]) -> Direction:
    """By limits; of a year that has too few before it for these, against the one before alone."""
    found = release_direction(series)
    if found is Direction.EARLY and newest.period.kind is Kind.YEAR and len(series) > 1:
        return pair_direction(series[-1], series[-2])
    return found


def _message(newest: Stored, reading: Reading) -> str:
    name = newest.period.in_words
    if newest.total.shown is None:
        return ", ".join(filter(None, (f"{name}: {reading.text[0].lower()}{reading.text[1:]}", reading.beside)))
    said = reading.remark or "too early to compare"
    return f"{name}: {newest.total.shown.text} flags, {said}"


def _why_no_chart(releases: Sequence[Stored], year: Stored | None) -> str:
    newest = releases[-1]
    yearly = 4 if newest.period.kind is Kind.QUARTER else 1
    known = [one.total.shown.value for one in releases[-yearly:] if one.total.shown]
    if known and yearly * sum(known) / len(known) >= CHART_FROM:
        return ""
    why = f"A line is drawn from about {CHART_FROM} flags a year on. With fewer it would show chance and little else."
    if not known:
        why = "No line can be drawn where totals are hidden."
    if year is None or year.period == newest.period:
        return why
    return f"{why} In {year.period.in_words}: {year.total.shown.text if year.total.shown else HIDDEN}."


def _dot_maker(notes: Sequence[tuple[Period, int]]) -> Callable[[Stored, Reading], Dot]:
    def dot(stored: Stored, reading: Reading) -> Dot:
        shown = stored.total.shown
        own = tuple(number for period, number in notes if period == stored.period)
        signal = reading.direction in (Direction.UP, Direction.DOWN)
        name = short(stored.period)
        if shown is None:
            return Dot(name, None, limits=reading.limits, notes=own)
        return Dot(name, shown.value, shown.low, shown.high, reading.limits, signal, own)

    return dot


def short(period: Period) -> str:
    """A period's name where there is little room."""
    return f"Q{period.quarter} {period.year % 100:02}" if period.quarter else str(period.year)
