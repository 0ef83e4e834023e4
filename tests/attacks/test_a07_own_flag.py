"""A7: a reporter takes her own flags from the number, and sees how many others there were."""

import random
from collections.abc import Callable

import pytest

from concerns.disclosure.periods import Period
from tests.attacks.games import CELLS, HALF, PLACES, THEMES, Score, best_guess, fine_table, lots, stored_in
from tests.attacks.naive import Cell, naive_report, rounded_report
from tests.disclosure.gate import Gate, Told, flag

pytestmark = pytest.mark.attack

RNG = random.Random(10)
OWN = {cell: RNG.randrange(1, 6) for cell in CELLS}


#: how many of his own he has where the rule is to give way, and what he reads off the number without them
NAIVE: dict[str, tuple[Callable[[Cell], int], Callable[[int, int], bool]]] = {
    "exact": (lambda cell: OWN[cell], lambda shown, own: shown - own > 0),
    "hidden below 5": (lambda cell: 4 + OWN[cell], lambda shown, own: shown - own > 0),
    "hidden below 10": (lambda cell: 9 + OWN[cell], lambda shown, own: shown - own > 0),
    "rounded to 5": (lambda _cell: 7, lambda shown, own: shown > own),
}


@pytest.mark.parametrize("rule", NAIVE)
def test_a07_succeeds_against_the_naive_reports(rule: str) -> None:
    own_in, tells = NAIVE[rule]
    dealt = lots(10, lambda _rng: 0)
    own = {cell: own_in(cell) for cell in CELLS}
    flags = dealt.flags(own)
    small = int(rule.rpartition(" ")[2]) if rule.startswith("hidden") else 0
    report = rounded_report(flags, THEMES, PLACES) if "round" in rule else naive_report(flags, THEMES, PLACES, small)
    assert report.hidden == []  # with his own, every cell stands above the threshold
    score = dealt.score(lambda cell: tells(report.cells[cell] or 0, own[cell]))
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
