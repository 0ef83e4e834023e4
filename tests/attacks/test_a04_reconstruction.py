"""A4: put every published number into one system of equations, and solve for what was hidden."""

import random
from collections import Counter

import pytest

from concerns.disclosure.periods import Period
from tests.attacks.auditor import intervals, nearest
from tests.attacks.games import CELLS, HALF, PLACES, THEMES, Score, best_guess, fine_table, lots, poisson, stored_in
from tests.attacks.naive import SMALL, Cell, naive_report, starred
from tests.disclosure.gate import Gate

pytestmark = pytest.mark.attack

SMALL_THEMES, SMALL_PLACES = THEMES[:12], PLACES[:15]


def counts(seed: int, mean: float) -> Counter[Cell]:
    """Some themes are common, others rare."""
    rng = random.Random(seed)
    means = {theme: rng.gammavariate(0.7, mean / 0.7) for theme in SMALL_THEMES}
    return Counter({(theme, place): poisson(rng, means[theme]) for theme in SMALL_THEMES for place in SMALL_PLACES})


@pytest.mark.parametrize("mean", [1, 3])
def test_a04_succeeds_against_suppression_of_small_cells_alone(mean: float) -> None:
    true = counts(7, mean)
    report = naive_report(true.elements(), SMALL_THEMES, SMALL_PLACES, zero_is_shown=True)
    found = intervals(report.hidden, report.sums, 1, SMALL - 1)
    assert all(found[cell].low <= true[cell] <= found[cell].high for cell in report.hidden)
    # hidden and not zero: that somebody is there is known of every one, and of some how many
    assert set(report.hidden) == {cell for cell, count in true.items() if 0 < count < SMALL}
    assert all(found[cell].proves_somebody for cell in report.hidden)
    assert sum(found[cell].solved for cell in report.hidden) >= 3


def test_a04_succeeds_against_rounding_with_stars() -> None:
    """Zero is zero and a star is not: an even suspicion of one flag becomes certainty."""
    dealt = lots(5, lambda _rng: 0)
    assert dealt.score(lambda cell: starred(dealt.there[cell]) is None) == Score(500, 500)


def test_a04_fails_against_a_release_within_the_bound(gate: Gate) -> None:
    """The same solver over all stored values and their sums: the table without negative counts that fits them best."""
    dealt = lots(6, lambda _rng: 0)
    gate.flags = dealt.told()
    stored = fine_table(gate, quarter=HALF).close(Period(2026, 1))
    values = {cell: stored_in(stored, cell) for cell in CELLS}
    lines = [[cell for cell in CELLS if name in cell] for name in (*THEMES, *PLACES)]
    table = nearest(values, [(line, sum(values[cell] for cell in line)) for line in lines])
    score = dealt.score(lambda cell: table[cell] > 0.5)
    assert score.keeps(best_guess(HALF))
    assert not Score(500, 500).keeps(best_guess(HALF))
