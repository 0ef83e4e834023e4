"""The reports that everybody builds first, each with its rule for small numbers, and all of them always up to date.

Exact counts; small ones hidden (primary suppression); others hidden with them, so that no margin gives them away
(complementary suppression); rounding to five; pooling the small ones; and any filter that a reader likes.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[str, str]
SMALL = 5


@dataclass(frozen=True)
class NaiveReport:
    """What it prints: cells (None where hidden) and both margins, exact."""

    cells: Mapping[Cell, int | None]
    themes: Mapping[str, int]
    areas: Mapping[str, int]

    @property
    def hidden(self) -> list[Cell]:
        return [cell for cell, count in self.cells.items() if count is None]

    @property
    def sums(self) -> list[tuple[list[Cell], int]]:
        """What an attacker adds up: of every margin, its hidden cells and what they hold together."""
        found = []
        for side, margins in ((0, self.themes), (1, self.areas)):
            for name, total in margins.items():
                line = [cell for cell in self.cells if cell[side] == name]
                shown = sum(self.cells[cell] or 0 for cell in line)
                found.append(([cell for cell in line if self.cells[cell] is None], total - shown))
        return found


def naive_report(
    flags: Iterable[Cell],
    themes: Iterable[str],
    areas: Iterable[str],
    small: int = SMALL,
    *,
    zero_is_shown: bool = False,
) -> NaiveReport:
    """Counts of (theme, area), each below `small` hidden; totals are computed from the true counts, as usual."""
    counts, areas = Counter(flags), list(areas)
    cells = {(theme, area): counts[theme, area] for theme in themes for area in areas}
    by_theme: Counter[str] = Counter()
    by_area: Counter[str] = Counter()
    for (theme, area), count in cells.items():
        by_theme[theme] += count
        by_area[area] += count
    shown = {cell: count if count >= small or (zero_is_shown and not count) else None for cell, count in cells.items()}
    return NaiveReport(shown, by_theme, by_area)


def exact_report(flags: Iterable[Cell], themes: Iterable[str], areas: Iterable[str]) -> NaiveReport:
    return naive_report(flags, themes, areas, 0)


class Unprotected(ValueError):
    """No rectangle of cells hides one of the small ones."""


def complemented_report(
    flags: Iterable[Cell], themes: Sequence[str], areas: Sequence[str], small: int = SMALL
) -> NaiveReport:
    """The same with the cheapest rectangle hidden beside each small cell, so that it may hold anything from 0 to `small`.

    In a rectangle of hidden cells counts can move round without moving a margin. Raises Unprotected.
    """
    flags = list(flags)
    counts, report = Counter(flags), naive_report(flags, themes, areas, small)
    cells = dict(report.cells)
    for theme, area in report.hidden:
        value = counts[theme, area]
        rectangles = [
            ((theme, other), (also, area), (also, other))
            for also in themes
            for other in areas
            if also != theme
            and other != area
            and min(counts[theme, other], counts[also, area]) >= small - value
            and counts[also, other] >= value
        ]
        if not rectangles:
            raise Unprotected
        cheapest = min(rectangles, key=lambda corners: sum(counts[c] for c in corners if cells[c] is not None))
        cells |= dict.fromkeys(cheapest)
    return NaiveReport(cells, report.themes, report.areas)


def rounded(count: int) -> int:
    """To the nearest five."""
    return 5 * ((count + 2) // 5)


def rounded_report(flags: Iterable[Cell], themes: Iterable[str], areas: Iterable[str]) -> NaiveReport:
    """Cells to the nearest five, none hidden; totals are computed from the true counts, as usual."""
    exact = exact_report(flags, themes, areas)
    cells = {cell: None if count is None else rounded(count) for cell, count in exact.cells.items()}
    return NaiveReport(cells, exact.themes, exact.areas)


def unrounded(shown: int) -> tuple[int, int]:
    """The least and the most that a rounded number may stand for."""
    return max(0, shown - 2), shown + 2


def starred(count: int) -> int | None:
    """As hospital statistics are published: 1 to 7 as a star, zero as zero, others to the nearest five."""
    return None if 1 <= count <= 7 else rounded(count)


def filtered(flags: Iterable[Cell], wanted: Callable[[Cell], bool], small: int = SMALL) -> int | None:
    """What a page with filters answers: an exact count, or None where too few are left."""
    count = sum(map(wanted, flags))
    return count if count >= small else None


def pooled(counts: Mapping[str, int], small: int = SMALL) -> dict[Collection[str], int]:
    """Places below the least number are put together until the pool reaches it: whoever knows the rule reads it backwards."""
    few = [place for place, count in counts.items() if count < small]
    large: dict[Collection[str], int] = {frozenset({place}): counts[place] for place in counts if place not in few}
    return {**large, frozenset(few): sum(counts[place] for place in few)} if few else large
