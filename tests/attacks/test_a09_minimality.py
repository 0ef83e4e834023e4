"""A9: know by which rule small numbers are hidden or put together, and read the rule backwards."""

import random
from functools import partial

import pytest

from concerns.disclosure.document import Stored
from concerns.disclosure.periods import Period
from tests.attacks.games import CELLS, HALF, Lots, Score, best_guess, fine_table, lots
from tests.attacks.games import node as node_of
from tests.attacks.naive import SMALL, Cell, pooled
from tests.disclosure.checks import made_up
from tests.disclosure.gate import Gate

pytestmark = pytest.mark.attack


def test_a09_succeeds_against_pooling() -> None:
    """Two teams in a pool that shows 2·(k-1): each was below k, so each had k-1. Another place's number says nothing."""
    rng = random.Random(14)
    read = 0
    for _ in range(100):
        teams = {"team 1": 4, "team 2": 4, "ward": rng.randrange(5, 30)}
        pool, value = next((names, count) for names, count in pooled(teams).items() if len(names) == 2)
        assert value == 2 * (SMALL - 1)
        read += all(teams[name] == SMALL - 1 for name in pool)
    assert Score(read, 100) == Score(100, 100)
    assert not Score(read, 100).keeps(best_guess(HALF))


def test_a09_succeeds_against_a_floor_that_acts_on_the_true_count_below_the_noise() -> None:
    """Noise added to what the floor lets through: that a number is there at all is exact."""
    dealt = lots(15, lambda _rng: SMALL - 1)
    score = dealt.score(lambda cell: SMALL - 1 + dealt.there[cell] >= SMALL)
    assert not score.keeps(best_guess(2))


def is_shown(stored: Stored, cell: Cell) -> bool:
    return stored.node(node_of(cell)).shown is not None


def test_a09_fails_where_what_is_hidden_is_settled_by_stored_values_alone(gate: Gate) -> None:
    """At every count that a rule could betray, what is hidden is guessed from as well as the bound allows, no better."""
    for seed, others in enumerate((0, 4, 9, 13)):
        dealt = Lots(dict.fromkeys(CELLS, others), lots(16 + seed, lambda _rng: 0).there)
        other = gate.again(*dealt.told())
        stored = fine_table(other, quarter=HALF).close(Period(2026, 1))
        score = dealt.score(partial(is_shown, stored))
        assert score.keeps(best_guess(HALF))
        # the same stored value looks the same, whatever was true
        assert all(
            (stored.node(node).shown is None) == (made_up({"T00": value}).as_document()["nodes"][0]["shown"] is None)
            for node, value in stored.values.items()
        )
