"""One measure of the typed-in figures: this period's, the one before, where it goes, and its chart. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from concerns.disclosure.periods import Period
from concerns.reports.control import Direction, figure_direction, moving_range_limits
from concerns.reports.reading.figures import MEASURES, Figure
from concerns.reports.shapes import Chart, Dot, line_chart
from concerns.reports.trend import MOST, short

#: what a table says of a direction of a figure
_WORDS = {
    Direction.UP: "up, more than chance explains",
    Direction.DOWN: "down, more than chance explains",
    Direction.STEADY: "no clear change",
    Direction.EARLY: "too early to say",
}
#: fewer figures than this make no line
_FEWEST_OF_A_LINE = 3


@dataclass(frozen=True)
class Line:
    """One measure of the four: this period's figure, the one before, and where it goes."""

    name: str
    now: str
    before: str
    #: of this period's figure, among those that are listed and drawn
    direction: Direction
    figures: tuple[Figure, ...]
    chart: Chart | None

    @property
    def remark(self) -> str:
        return _WORDS[self.direction]

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [(one.period.in_words, one.text) for one in self.figures]


def line_of(code: str, figures: Iterable[Figure], period: Period) -> Line:
    """Of the newest `MOST` figures of a measure up to a period: all that is said of it is judged by these alone."""
    own = (one for one in figures if one.measure == code and one.period.kind is period.kind and one.period <= period)
    lately = sorted(own, key=lambda one: one.period)[-MOST:]
    texts = {one.period: one.text for one in lately}
    typed = period in texts
    direction = figure_direction([one.value for one in lately]) if typed else Direction.EARLY
    return Line(
        MEASURES[code].name,
        texts.get(period, "not typed in"),
        texts.get(period.previous(), "not typed in"),
        direction,
        tuple(lately),
        _chart(code, lately, direction),
    )


def lines_of(figures: Iterable[Figure], period: Period) -> dict[str, Line]:
    """All measures, in their order."""
    typed = list(figures)
    return {code: line_of(code, typed, period) for code in MEASURES}


def newest_lines(figures: Iterable[Figure]) -> tuple[Period, dict[str, Line]] | None:
    """The newest period that anything is typed in for, a quarter before its year; None where nothing is."""
    typed = list(figures)
    if not typed:
        return None
    newest = max((one.period for one in typed), key=lambda one: (one.end, one.quarter))
    return newest, lines_of(typed, newest)


def _chart(code: str, figures: Sequence[Figure], direction: Direction) -> Chart | None:
    if len(figures) < _FEWEST_OF_A_LINE:
        return None
    values = [one.value for one in figures]
    limits = moving_range_limits(values)
    if limits is not None:
        limits = replace(limits, low=max(0.0, limits.low))  # none of these figures can be less than nothing
    dots = [
        Dot(
            short(one.period),
            one.value,
            limits=limits,
            signal=figure_direction(values[: place + 1]) in (Direction.UP, Direction.DOWN),
        )
        for place, one in enumerate(figures)
    ]
    unit = f" ({MEASURES[code].unit})" if MEASURES[code].unit else ""
    return line_chart(f"{MEASURES[code].name}{unit}: {_WORDS[direction]}", dots, from_zero=False)
