"""A5: put the tables of four quarters beside the table of the year."""

import random
from collections import Counter

import pytest

from concerns.disclosure.law import pmf
from concerns.disclosure.periods import Period
from tests.attacks.auditor import intervals
from tests.attacks.games import HALF, PLACES, THEMES, Score, best_guess, fine_table, lots, poisson, stored_in
from tests.attacks.naive import (
    SMALL,
    Cell,
    NaiveReport,
    complemented_report,
    exact_report,
    rounded_report,
    unrounded,
)
from tests.disclosure.gate import Gate

pytestmark = pytest.mark.attack

SMALL_THEMES, SMALL_PLACES = THEMES[:6], PLACES[:8]
QUARTERS = range(4)


def linked(quarters: list[NaiveReport], year: NaiveReport) -> list[tuple[list[tuple[int, Cell]], int]]:
    """What five tables say together of the cells that some of them hide; a cell of the year is its four quarters."""
    sums = [([(n, cell) for cell in cells], total) for n in QUARTERS for cells, total in quarters[n].sums]
    for cell, count in year.cells.items():
        shown = sum(quarters[n].cells[cell] or 0 for n in QUARTERS)
        hidden = [(n, cell) for n in QUARTERS if quarters[n].cells[cell] is None]
        if count is not None:
            sums.append((hidden, count - shown))
    return sums


def test_a05_succeeds_against_tables_that_are_safe_one_by_one() -> None:
    rng = random.Random(5)
    cells = [(theme, place) for theme in SMALL_THEMES for place in SMALL_PLACES]
    true = [Counter({cell: poisson(rng, 7) for cell in cells}) for _ in QUARTERS]
    quarters = [complemented_report(one.elements(), SMALL_THEMES, SMALL_PLACES) for one in true]
    year = complemented_report(sum(true, Counter()).elements(), SMALL_THEMES, SMALL_PLACES)
    small = [(n, cell) for n in QUARTERS for cell in cells if true[n][cell] < SMALL]
    for n in QUARTERS:
        alone = intervals(quarters[n].hidden, quarters[n].sums)
        assert all(alone[cell].covers(0, SMALL) for m, cell in small if m == n)
    together = intervals([(n, cell) for n in QUARTERS for cell in quarters[n].hidden], linked(quarters, year))
    assert sum(together[one].solved for one in small) >= 1
    assert sum(not together[one].covers(0, SMALL) for one in small) >= len(small) / 10


def test_a05_succeeds_against_exact_tables() -> None:
    """Each of them is enough by itself, and what the quarters leave of the year is the quarter that was not printed."""
    dealt = lots(7, lambda rng: rng.randrange(4))
    others = [lots(seed, lambda rng: rng.randrange(4)) for seed in (20, 21, 22)]
    year = exact_report([cell for one in (dealt, *others) for cell in one.flags()], THEMES, PLACES)
    quarters = [exact_report(one.flags(), THEMES, PLACES) for one in others]
    left = {cell: (year.cells[cell] or 0) - sum(one.cells[cell] or 0 for one in quarters) for cell in dealt.known}
    score = dealt.score(lambda cell: left[cell] > dealt.known[cell])
    assert score == Score(500, 500)
    assert not score.keeps(best_guess(2 * HALF))


def test_a05_succeeds_against_rounded_tables() -> None:
    """Every quarter of a cell reads 0 and its year 10: only two in each of the quarters add up to that."""
    rng = random.Random(55)
    cells = [(theme, place) for theme in THEMES for place in PLACES]
    true = [Counter({cell: poisson(rng, 1.6) for cell in cells}) for _ in QUARTERS]
    tables = [rounded_report(one.elements(), THEMES, PLACES) for one in true]
    year = rounded_report(sum(true, Counter()).elements(), THEMES, PLACES)
    found = 0
    for cell in cells:
        bounds = [unrounded(table.cells[cell] or 0) for table in tables]
        assert all(low < high for low, high in bounds)  # no table by itself gives a number away
        least, most = unrounded(year.cells[cell] or 0)
        for n in QUARTERS:
            others = [bounds[m] for m in QUARTERS if m != n]
            low = max(bounds[n][0], least - sum(high for _, high in others))
            high = min(bounds[n][1], most - sum(low for low, _ in others))
            assert low <= true[n][cell] <= high
            found += low == high
    assert found >= 4


def test_a05_fails_against_a_quarter_and_a_year_within_the_sum_of_both(gate: Gate) -> None:
    """Known is all of both tables but the suspected flags, each of which is in its quarter's and its year's node."""
    dealt = lots(7, lambda rng: rng.randrange(4))
    gate.flags = dealt.told()
    fine_table(gate, quarter=HALF, year=HALF)
    quarter, *_later, year = [gate.close(Period(2026, n)) for n in (1, 2, 3, 4, 0)]

    def guess(cell: Cell) -> bool:
        seen = [stored_in(one, cell) - dealt.known[cell] for one in (quarter, year)]
        with_it, without = (pmf(HALF, seen[0] - n) * pmf(HALF, seen[1] - n) for n in (1, 0))
        return with_it > without

    score = dealt.score(guess)
    assert score.keeps(best_guess(2 * HALF))
    # where both tables point the same way, all that the sum of both allows is there to be had
    more = {cell: [stored_in(one, cell) > dealt.known[cell] for one in (quarter, year)] for cell in dealt.known}
    agreed = Score.of(first == dealt.there[cell] for cell, (first, second) in more.items() if first == second)
    assert agreed.played > 200
    assert agreed.keeps(best_guess(2 * HALF)) and agreed.reaches(best_guess(2 * HALF))
    assert not dealt.score(lambda cell: dealt.there[cell]).keeps(best_guess(2 * HALF))
