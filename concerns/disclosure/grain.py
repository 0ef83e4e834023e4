"""Chooses how fine a year's tables are, from public and released facts alone."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from concerns.areas.rules import LEAST_STAFF, AreaFacts
from concerns.disclosure.nodes import Grain, Table, ThemePart
from concerns.disclosure.periods import Kind
from concerns.disclosure.places import area_places, division_places

#: a node needs this many expected flags, divided by ε, to say more than its noise
FLAGS_PER_NODE = 4


def expected_per_year(last_year: int | None, last_quarters: Sequence[int], estimate: int) -> int:
    """Flags to expect in a year: last year's frozen total, else the last four frozen quarters, else the estimate.

    Never a count of flags: a grain chosen by one would tell it.
    """
    if last_year is not None:
        return max(0, last_year)
    if len(last_quarters) == 4:
        return max(0, sum(last_quarters))
    return estimate


def choose(
    kind: Kind,
    epsilon: Fraction,
    per_year: int,
    themes: Sequence[ThemePart],
    areas: Sequence[AreaFacts],
    smallest_area: int,
) -> Table:
    """The finest table with at least 4/ε expected flags a node; the whole organisation where none has.

    How flags were handled is told for the whole organisation, in one small table, or not at all.
    """
    if kind is Kind.HANDLING:
        return Table(Grain.HANDLING, (), (), sum(area.staff for area in areas))
    expected = Fraction(per_year, 4 if kind is Kind.QUARTER else 1)
    staff = sum(area.staff for area in areas)
    for table in _finest_first(themes, areas, smallest_area, staff):
        if expected >= FLAGS_PER_NODE / epsilon * len(table.nodes):
            return table
    return Table(Grain.WHOLE, tuple(themes), (), staff)


def _finest_first(
    themes: Sequence[ThemePart], areas: Sequence[AreaFacts], smallest_area: int, staff: int
) -> Iterable[Table]:
    smallest_area = max(LEAST_STAFF, smallest_area)
    by_area = area_places(areas, smallest_area)
    if by_area is not None:
        yield Table(Grain.THEMES_BY_AREA, tuple(themes), by_area, staff)
    by_division = division_places(areas, smallest_area)
    if by_division is not None:
        yield Table(Grain.THEMES_BY_DIVISION, tuple(themes), by_division, staff)
    yield Table(Grain.THEMES, tuple(themes), (), staff)
    if all(theme.group for theme in themes):
        yield Table(Grain.GROUPS, tuple(themes), (), staff)
