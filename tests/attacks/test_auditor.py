"""D16: the reconstruction auditor breaks a table with primary suppression only, and fails on a complemented one.

It guards the test bench: an attack that no table would notice proves nothing about ours.
"""

import random
from collections import Counter

import pytest

from tests.attacks.auditor import Interval, intervals, nearest
from tests.attacks.games import PLACES, THEMES, poisson
from tests.attacks.naive import SMALL, Cell, complemented_report, naive_report

pytestmark = pytest.mark.attack

SMALL_THEMES, SMALL_PLACES = THEMES[:8], PLACES[:10]


def counts(seed: int) -> Counter[Cell]:
    rng = random.Random(seed)
    return Counter({(theme, place): poisson(rng, 8) for theme in SMALL_THEMES for place in SMALL_PLACES})


@pytest.mark.parametrize("seed", range(4))
def test_d16_the_auditor_breaks_primary_suppression_and_fails_on_a_complemented_table(seed: int) -> None:
    true = counts(seed)
    primary = naive_report(true.elements(), SMALL_THEMES, SMALL_PLACES)
    broken = intervals(primary.hidden, primary.sums)
    assert all(broken[cell].low <= true[cell] <= broken[cell].high for cell in primary.hidden)
    assert sum(interval.solved for interval in broken.values()) >= 1

    complemented = complemented_report(true.elements(), SMALL_THEMES, SMALL_PLACES)
    safe = intervals(complemented.hidden, complemented.sums)
    assert all(safe[cell].covers(0, SMALL) for cell in primary.hidden)
    assert not any(interval.solved for interval in safe.values())


def test_d16_the_auditor_finds_exact_intervals() -> None:
    # x + y = 3, y + z = 1
    found = intervals("xyz", [("xy", 3), ("yz", 1)])
    assert found == {"x": Interval(2, 3), "y": Interval(0, 1), "z": Interval(0, 1)}
    assert intervals("xy", [("x", 4)])["y"] == Interval(0, float("inf"))
    assert [found["x"].proves_somebody, found["y"].proves_somebody] == [True, False]


def test_d16_the_nearest_table_is_not_below_zero() -> None:
    table = nearest({"x": -3, "y": 5}, [("xy", 5)])
    assert {cell: round(value) for cell, value in table.items()} == {"x": 0, "y": 5}
