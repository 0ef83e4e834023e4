"""Turns frozen releases into sentences, rows and bars: plain sums of stored nodes and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from concerns.disclosure.display import HIDDEN
from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.nodes import Grain
from concerns.reports import control
from concerns.reports.comparing import comparable, keys_of, left_behind
from concerns.reports.control import Direction, pair_direction, release_direction
from concerns.reports.places import Section, sections
from concerns.reports.rows import NAMES, Row, bar, name_of
from concerns.reports.silence import fallen_silent
from concerns.reports.trend import measured
from concerns.themes.rules import OTHER

_UNCHANGED = "no clear change"
#: of a shown number without one before it to compare it with
TOO_EARLY = "too early to compare"
#: of a number that is judged against at least four releases before it
REMARKS = {
    Direction.UP: "a signal: more than chance and noise explain",
    Direction.DOWN: "a signal: fewer than chance and noise explain",
    Direction.STEADY: _UNCHANGED,
}

#: what a theme is compared with, and two more, of which two of three may stand out
_LOOKED_AT = control.REMEMBERED + 2


@dataclass(frozen=True)
class Report:
    """A release as a leader reads it."""

    stored: Stored
    headline: str
    rows: tuple[Row, ...]
    hidden: int
    sections: tuple[Section, ...]
    #: themes of the release before that no number of this one can be compared with
    not_compared: tuple[str, ...]

    @property
    def caption(self) -> str:
        return "By group of themes" if self.stored.table.grain is Grain.GROUPS else "By theme"

    @property
    def total(self) -> Row:
        return Row("All flags", self.stored.total.shown)

    @property
    def heard(self) -> list[tuple[Row, int]]:
        """Who is heard: each division, or where the table has none each place of it, with its head-count."""
        if self.stored.table.grain is Grain.THEMES_BY_AREA:
            parts = [(one.total or one.places[0].total, one.places) for one in self.sections]
            return [(total, sum(place.staff for place in places)) for total, places in parts]
        return [(place.total, place.staff) for section in self.sections for place in section.places]

    def name_of(self, key: str) -> str:
        """The name of a theme or group."""
        return name_of(self.stored, key)

    @property
    def all_hidden(self) -> bool:
        return self.stored.total.shown is None and all(row.shown is None for row in self.rows)


def report(stored: Stored, earlier: Sequence[Stored]) -> Report:
    """The report of a release; `earlier` are the releases of its kind before it, oldest first."""
    rows = theme_rows(stored, earlier)
    gone = left_behind(earlier[-1], stored) if earlier else []
    return Report(
        stored,
        headline(stored, rows),
        rows,
        sum(row.shown is None for row in rows),
        tuple(sections(stored, earlier)),
        tuple(name_of(earlier[-1], key) for key in gone if key != OTHER),
    )


def theme_rows(stored: Stored, earlier: Sequence[Stored]) -> tuple[Row, ...]:
    """One row a theme or group: those that are shown, the largest first, then the others in the set's order."""
    sums = {key: _of_row(stored, key) for key in keys_of(stored)}
    widest = max((one.shown.high for one in sums.values() if one.shown), default=0)
    lately = earlier[-_LOOKED_AT:]
    rows = []
    for key, now in sums.items():
        before = [comparable(old, stored, key) for old in lately]
        series = [*map(measured, lately, before), measured(stored, now)]
        direction = release_direction(series)
        remark, beside = fallen_silent(stored, now, list(zip(lately, before, strict=True)))
        if direction is not Direction.EARLY:
            remark = REMARKS[direction]
        elif now.shown:
            remark = (change(stored, now, lately[-1], before[-1]) if before and before[-1] else "") or TOO_EARLY
        signal = now.shown is not None and remark not in (TOO_EARLY, _UNCHANGED)
        rows.append(Row(name_of(stored, key), now.shown, bar(now.shown, widest), remark, key, signal, beside))
    return tuple(sorted(rows, key=lambda row: -row.shown.value if row.shown else 0))


def change(stored: Stored, now: Sum, old: Stored, before: Sum) -> str:
    """How a shown sum compares with the one before, where chance and noise together cannot explain it."""
    direction = pair_direction(measured(stored, now), measured(old, before))
    if direction is Direction.EARLY or before.shown is None:
        return ""
    if direction is Direction.STEADY:
        return _UNCHANGED
    name = "quarter" if stored.period.quarter else "year"
    word = "more" if direction is Direction.UP else "fewer"
    return f"{word} than the {name} before (about {before.shown.value:,})"


def headline(stored: Stored, rows: Sequence[Row]) -> str:
    """The one sentence at the top."""
    when = f"In {stored.period.in_words}"
    total = stored.total.shown
    largest = next((row for row in rows if row.shown and row.name != NAMES[OTHER]), None)
    if total is None:
        said = f"{when}, the number of flags is {HIDDEN}."
        return f"{said} What can be shown is below." if largest else said
    said = f"{when}, staff raised {total.text} flags."
    noun = "group of themes" if stored.table.grain is Grain.GROUPS else "theme"
    return f"{said} The largest {noun} is {largest.name}, {largest.shown.text}." if largest and largest.shown else said


def _of_row(stored: Stored, key: str) -> Sum:
    return stored.sum_of(stored.by_key[key], stored.table.staff)
