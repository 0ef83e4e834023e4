"""Turns frozen releases into sentences, rows and bars: plain sums of stored nodes and nothing else."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from concerns.areas.rules import NOT_SAID
from concerns.disclosure.display import HIDDEN, Shown, silence
from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.law import variance
from concerns.disclosure.nodes import Grain, Node
from concerns.themes.rules import OTHER

#: two releases differ clearly beyond so many standard deviations of chance and noise together
CLEARLY = 1.96
_WORDS = {OTHER: "None of the themes", NOT_SAID: "Not said"}


@dataclass(frozen=True)
class Bar:
    """Where a bar and its range end, in hundredths of the widest range of the table."""

    value: int
    low: int
    high: int


@dataclass(frozen=True)
class Row:
    """One line of a table. Zero, few, hidden and too large a share give the same row."""

    name: str
    shown: Shown | None
    bar: Bar | None = None
    #: how it compares with the release before, or the sentence about silence
    remark: str = ""

    @property
    def text(self) -> str:
        said = self.shown.text if self.shown else self.remark or HIDDEN
        return said.capitalize()


@dataclass(frozen=True)
class Place:
    """A division or area: its total, and the themes that can be shown there."""

    name: str
    total: Row
    themes: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """The places of one division, or all divisions."""

    name: str
    total: Row | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Report:
    """A release as a leader reads it."""

    stored: Stored
    headline: str
    rows: tuple[Row, ...]
    hidden: int
    sections: tuple[Section, ...]

    @property
    def caption(self) -> str:
        return "By group of themes" if self.stored.table.grain is Grain.GROUPS else "By theme"

    @property
    def total(self) -> Row:
        return Row("All flags", self.stored.total.shown)

    def name_of(self, key: str) -> str:
        """The name of a theme or group."""
        return _name(self.stored, key)

    @property
    def all_hidden(self) -> bool:
        return self.stored.total.shown is None and all(row.shown is None for row in self.rows)


def report(stored: Stored, earlier: Sequence[Stored]) -> Report:
    """The report of a release; `earlier` are the releases of its kind before it, oldest first."""
    rows = theme_rows(stored, earlier)
    return Report(
        stored, headline(stored, rows), rows, sum(row.shown is None for row in rows), tuple(_sections(stored))
    )


def theme_rows(stored: Stored, earlier: Sequence[Stored]) -> tuple[Row, ...]:
    """One row a theme or group: those that are shown, the largest first, then the others in the set's order."""
    sums = {key: _of_row(stored, key) for key in _row_keys(stored)}
    widest = max((one.shown.high for one in sums.values() if one.shown), default=0)
    rows = []
    for key, now in sums.items():
        before = [_of_row(old, key) if key in _row_keys(old) else None for old in earlier]
        remark = silence([one.shown if one else None for one in before], now.measured, now.least) or ""
        if before and before[-1] and now.shown:
            remark = change(stored, now, earlier[-1], before[-1], key)
        rows.append(Row(_name(stored, key), now.shown, bar(now.shown, widest), remark))
    return tuple(sorted(rows, key=lambda row: -row.shown.value if row.shown else 0))


def change(stored: Stored, now: Sum, old: Stored, before: Sum, key: str | None = None) -> str:
    """How a shown sum compares with the one before, where chance and noise together cannot explain it."""
    if now.shown is None or before.shown is None:
        return ""
    noise = sum(variance(one.terms.epsilon, len(_nodes(one, key))) for one in (stored, old))
    reach = CLEARLY * math.sqrt(now.measured + before.measured + noise)
    name = "quarter" if stored.period.quarter else "year"
    if abs(now.measured - before.measured) <= reach:
        return "no clear change"
    direction = "more" if now.measured > before.measured else "fewer"
    return f"{direction} than the {name} before (about {before.shown.value:,})"


def headline(stored: Stored, rows: Sequence[Row]) -> str:
    """The one sentence at the top."""
    when = f"In {stored.period.in_words}"
    total = stored.total.shown
    largest = next((row for row in rows if row.shown and row.name != _WORDS[OTHER]), None)
    if total is None:
        said = f"{when}, the number of flags is {HIDDEN}."
        return f"{said} What can be shown is below." if largest else said
    said = f"{when}, staff raised {total.text} flags."
    noun = "group of themes" if stored.table.grain is Grain.GROUPS else "theme"
    return f"{said} The largest {noun} is {largest.name}, {largest.shown.text}." if largest and largest.shown else said


def bar(shown: Shown | None, widest: int) -> Bar | None:
    """A bar's geometry, against the widest range of its table."""
    if shown is None or widest <= 0:
        return None
    return Bar(*(round(100 * max(0, part) / widest) for part in (shown.value, shown.low, shown.high)))


def _sections(stored: Stored) -> Iterable[Section]:
    table = stored.table
    if table.grain is Grain.THEMES_BY_DIVISION:
        names = [*(place.name for place in table.places), NOT_SAID]
        yield Section("Divisions", None, tuple(_place(stored, name) for name in names))
    if table.grain is not Grain.THEMES_BY_AREA:
        return
    divisions = dict.fromkeys(place.division for place in table.places)
    for division in sorted(divisions, key=lambda name: (name is None, name)):
        own = [place for place in table.places if place.division == division]
        nodes = [node for node in stored.values if node.area in {place.name for place in own}]
        total = stored.sum_of(nodes, sum(place.staff for place in own))
        name = division or "Across divisions"
        yield Section(name, Row(name, total.shown), tuple(_place(stored, place.name) for place in own))
    yield Section(_WORDS[NOT_SAID], None, (_place(stored, NOT_SAID),))


def _place(stored: Stored, name: str) -> Place:
    nodes = [node for node in stored.values if name in (node.area, node.division)]
    total = stored.sum_of(nodes, stored.table.headcount(nodes[0]))
    rows = [Row(_name(stored, node.theme or OTHER), stored.node(node).shown) for node in nodes]
    shown = sorted((row for row in rows if row.shown), key=lambda row: -row.shown.value if row.shown else 0)
    name = _WORDS.get(name, name)
    return Place(name, Row(name, total.shown), tuple(shown))


def _row_keys(stored: Stored) -> list[str]:
    keys = dict.fromkeys(node.group or node.theme for node in stored.values)
    return [key for key in keys if key is not None]


def _nodes(stored: Stored, key: str | None) -> list[Node]:
    return [node for node in stored.values if key is None or key in (node.group, node.theme)]


def _of_row(stored: Stored, key: str) -> Sum:
    return stored.sum_of(_nodes(stored, key), stored.table.staff)


def _name(stored: Stored, key: str) -> str:
    names = {theme.code: theme.name for theme in stored.table.themes}
    return _WORDS.get(key) or names.get(key, key)
