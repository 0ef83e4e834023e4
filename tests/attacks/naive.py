"""The report that everybody builds first: exact counts, small ones hidden, margins beside them, always up to date."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Cell = tuple[str, str]
SMALL = 5


@dataclass(frozen=True)
class NaiveReport:
    """What it prints: cells (None where hidden) and both margins, exact."""

    cells: Mapping[Cell, int | None]
    themes: Mapping[str, int]
    areas: Mapping[str, int]


def naive_report(flags: Iterable[Cell], themes: Iterable[str], areas: Iterable[str]) -> NaiveReport:
    """Counts of (theme, area), each below five hidden; totals are computed from the true counts, as usual."""
    counts, areas = Counter(flags), list(areas)
    cells = {(theme, area): counts[theme, area] for theme in themes for area in areas}
    by_theme: Counter[str] = Counter()
    by_area: Counter[str] = Counter()
    for (theme, area), count in cells.items():
        by_theme[theme] += count
        by_area[area] += count
    return NaiveReport({cell: count if count >= SMALL else None for cell, count in cells.items()}, by_theme, by_area)
