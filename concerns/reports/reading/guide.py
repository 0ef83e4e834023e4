"""Puts together what helps to read one period: directions, the quadrant's sentence, expectations, a chart a measure. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from concerns.disclosure.document import Stored
from concerns.disclosure.periods import Period
from concerns.reports.control import Direction
from concerns.reports.reading.figures import Figure, harm_of
from concerns.reports.reading.lines import Line, lines_of
from concerns.reports.reading.rules import Harm, Note, expectation, quadrant
from concerns.reports.trend import MOST, Volume, volume


@dataclass(frozen=True)
class Guide:
    """How to read one report beside the figures from elsewhere."""

    period: Period
    volume: Volume
    harm: Direction
    sentence: str
    expected: str
    lines: tuple[Line, ...]
    #: annotations of the periods on the chart, numbered from 1
    notes: tuple[tuple[int, Note], ...]

    @property
    def typed(self) -> bool:
        return any(line.figures for line in self.lines)


def guide(
    releases: Sequence[Stored], figures: Iterable[Figure], notes: Sequence[Note], year: Stored | None = None
) -> Guide:
    """Of the newest of these releases of one kind, oldest first; `year` is the newest one of a year."""
    period = releases[-1].period
    on_chart = {one.period for one in releases[-MOST:]}
    numbered = tuple(enumerate((note for note in notes if _within(note, on_chart)), 1))
    marks = [(place, number) for number, note in numbered if (place := _place(note, on_chart))]
    total = volume(releases, marks, year)
    lines = lines_of(figures, period)
    harm = Harm({code: harm_of(code, line.direction) for code, line in lines.items()})
    explaining = [note for _number, note in numbered if note.explains(period)]
    return Guide(
        period,
        total,
        harm.direction,
        quadrant(total.direction, harm),
        expectation(total.direction, harm, explaining),
        tuple(lines.values()),
        numbered,
    )


def _within(note: Note, periods: Iterable[Period]) -> bool:
    return any(note.explains(period) for period in periods)


def _place(note: Note, periods: Iterable[Period]) -> Period | None:
    """The first period on the chart that an annotation explains: its mark stands there."""
    return min((period for period in periods if note.explains(period)), default=None)
