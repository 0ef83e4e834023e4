"""A8: put an old backup back, have the noise drawn again, and average until it is gone.

Played on the application's level; with a database's own backup in `test_real_servers.py`. That leaders' login cannot delete
releases or marks at all is tested with the stores.
"""

import contextlib
from fractions import Fraction
from statistics import mean

import pytest

from concerns.disclosure.periods import Period
from concerns.disclosure.sampler import discrete_laplace
from concerns.disclosure.turns import CloseRefused
from tests.attacks.games import CELLS, HALF, Score, averaged_right, exactly_right, fine_table, lots, stored_in
from tests.disclosure.checks import forget
from tests.disclosure.gate import Gate

pytestmark = pytest.mark.attack

Q1 = Period(2026, 1)


def redrawn(count: int, epsilon: Fraction, times: int) -> float:
    """What a build without a ledger gives away: the mean over as many draws as there were restores."""
    return mean(count + discrete_laplace(epsilon) for _ in range(times))


def test_a08_succeeds_against_noise_without_a_ledger() -> None:
    counts = list(lots(12, lambda rng: rng.randrange(6)).known.values())
    once = Score.of(round(redrawn(count, HALF, 1)) == count for count in counts)
    after_80 = Score.of(round(redrawn(count, HALF, 80)) == count for count in counts[:150])
    assert once.keeps(exactly_right(HALF)) and once.reaches(exactly_right(HALF))
    assert not after_80.keeps(exactly_right(HALF))
    assert after_80.keeps(averaged_right(HALF, 80)) and after_80.reaches(averaged_right(HALF, 80))


def test_a08_fails_against_the_ledger(gate: Gate) -> None:
    """Twenty restores between the parts and twenty after the freeze: one draw, exact as often as one draw is."""
    dealt = lots(13, lambda rng: rng.randrange(6))
    gate.flags = dealt.told()
    fine_table(gate, quarter=HALF).part(Q1, "gita")
    seen = set()
    for n in range(40):
        forget(gate)
        with contextlib.suppress(CloseRefused):
            gate.part(Q1, "gita" if n < 20 else "gwen")
        seen |= {line.entry.get("vector") for line in gate.ledger.lines() if line.entry.get("step") == "begun"}
        if n > 20:
            seen.add(tuple(gate.stored(Q1).values.values()))
    assert len(seen) == 2  # one sealed vector, one frozen table
    stored = gate.stored(Q1)
    score = Score.of(stored_in(stored, cell) == dealt.known[cell] + dealt.there[cell] for cell in CELLS)
    assert score.keeps(exactly_right(HALF))
    assert score.reaches(exactly_right(HALF))
