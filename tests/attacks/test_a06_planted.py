"""A6: plant false flags until one more would cross the threshold, and see whether it does.

It plays on what a leader reads; with sealed flags, on both databases, in `test_real_servers.py`. That leaders' login reads
nothing else is tested with the stores.
"""

from collections.abc import Callable
from fractions import Fraction

import pytest

from concerns.disclosure.display import threshold
from concerns.disclosure.periods import Period
from tests.attacks.games import HALF, Lots, Score, best_guess, fine_table, lots, stored_in
from tests.attacks.games import node as node_of
from tests.attacks.naive import Cell, complemented_report, rounded, starred
from tests.disclosure.gate import Gate

pytestmark = pytest.mark.attack

#: how many the attacker plants, and what tells him that there is one more
NAIVE: dict[str, tuple[int, Callable[[int], bool]]] = {
    "exact": (0, lambda count: count > 0),
    "hidden below 5": (4, lambda count: count >= 5),
    "hidden below 10": (9, lambda count: count >= 10),
    "rounded to 5": (2, lambda count: rounded(count) == 5),
    "stars below 8": (7, lambda count: starred(count) is not None),
}


@pytest.mark.parametrize("rule", NAIVE)
def test_a06_succeeds_against_every_fixed_threshold(rule: str) -> None:
    planted, tells = NAIVE[rule]
    dealt = lots(8, lambda _rng: planted)
    score = dealt.score(lambda cell: tells(planted + dealt.there[cell]))
    assert score == Score(500, 500)
    assert not score.keeps(best_guess(2))


def test_a06_succeeds_against_complementary_suppression() -> None:
    """Twenty false flags in every other cell, four in one: if anything at all is hidden, nobody else is there."""
    themes, places = ["A", "B", "C"], ["x", "y", "z"]
    target = ("A", "x")
    full = [(theme, place) for theme in themes for place in places for _ in range(20) if (theme, place) != target]
    for there in (True, False):
        report = complemented_report([*full, *[target] * (4 + there)], themes, places)
        assert (report.cells[target] is not None) == there
        assert (report.hidden == []) == there


EPSILONS = [HALF, Fraction(1), Fraction(2)]


def planted_below(epsilon: Fraction) -> int:
    """So many that with the noise's help one more is as likely shown as not."""
    return int(threshold(1, epsilon)) - 1


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
def test_a06_fails_against_a_release_within_the_bound(gate: Gate, epsilon: Fraction) -> None:
    dealt, stored = played(gate, epsilon)
    score = dealt.score(lambda cell: stored(cell) > dealt.known[cell])
    assert score.keeps(best_guess(epsilon))
    # it is the best attack there is: the bound is no idle one
    assert score.reaches(best_guess(epsilon))


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
def test_a06_fails_against_what_the_pages_show(gate: Gate, epsilon: Fraction) -> None:
    """What a leader sees is whether a number is shown, and which."""
    dealt, _stored = played(gate, epsilon)
    release = gate.stored(Period(2026, 1))
    score = dealt.score(lambda cell: release.node(node_of(cell)).shown is not None)
    assert score.keeps(best_guess(epsilon))


def played(gate: Gate, epsilon: Fraction) -> tuple[Lots, Callable[[Cell], int]]:
    dealt = lots(9, lambda _rng: planted_below(epsilon))
    gate.flags = dealt.told()
    release = fine_table(gate, quarter=epsilon).close(Period(2026, 1))
    return dealt, lambda cell: stored_in(release, cell)
