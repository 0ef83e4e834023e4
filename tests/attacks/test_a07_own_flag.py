"""A7: a reporter takes her own flags from the number, and sees how many others there were."""

import random

import pytest

from concerns.disclosure.periods import Period
from tests.attacks.games import CELLS, HALF, PLACES, THEMES, Score, best_guess, fine_table, lots, stored_in
from tests.attacks.naive import exact_report
from tests.disclosure.gate import Gate, Told, flag

pytestmark = pytest.mark.attack

RNG = random.Random(10)
OWN = {cell: RNG.randrange(1, 6) for cell in CELLS}


def test_a07_succeeds_against_exact_counts() -> None:
    dealt = lots(10, lambda _rng: 0)
    report = exact_report(dealt.flags(OWN), THEMES, PLACES)
    score = dealt.score(lambda cell: (report.cells[cell] or 0) - OWN[cell] > 0)
    assert score == Score(500, 500)
    assert not score.keeps(best_guess(HALF))


def test_a07_fails_against_a_release_within_the_bound(gate: Gate) -> None:
    """To know a part of a count shifts the noise and takes nothing off it."""
    dealt = lots(11, lambda _rng: 0)
    stored = fine_table(gate, quarter=HALF)
    stored.flags = [one for cell, count in OWN.items() for one in told(cell, count + dealt.there[cell])]
    release = stored.close(Period(2026, 1))
    score = dealt.score(lambda cell: stored_in(release, cell) - OWN[cell] > 0)
    assert score.keeps(best_guess(HALF))
    assert score.reaches(best_guess(HALF))


def told(cell: tuple[str, str], count: int) -> list[Told]:
    return [flag(*cell) for _ in range(count)]
