"""A12: one person sends 500 messages, and a number rises above the threshold that she alone is behind."""

import datetime as dt
from functools import partial

import pytest

from concerns.disclosure.document import Stored
from concerns.disclosure.periods import Period
from tests.attacks.games import HALF, PLACES, THEMES, Score, best_guess, fine_table, lots, stored_in
from tests.attacks.naive import Cell, naive_report, rounded
from tests.disclosure.gate import Gate, Told

pytestmark = pytest.mark.attack

MESSAGES = 500


def raised(stored: Stored, cell: Cell) -> bool:
    return stored_in(stored, cell) > 0


def test_a12_succeeds_against_reports_that_count_messages() -> None:
    """Every threshold and every rounding is crossed: shown or not is whether she told."""
    dealt = lots(19, lambda _rng: 0)
    flags = [cell for cell in dealt.flags() for _ in range(MESSAGES)]
    report = naive_report(flags, THEMES, PLACES, small=10)
    score = dealt.score(lambda cell: report.cells[cell] is not None)
    assert score == dealt.score(lambda cell: rounded(MESSAGES * dealt.there[cell]) > 0) == Score(500, 500)
    assert not score.keeps(best_guess(2))


def test_a12_fails_where_a_thread_counts_once(gate: Gate) -> None:
    """A thread sorted and found again with each of her messages moves its node by one, and the next period by nothing."""
    dealt = lots(20, lambda _rng: 0)
    messages = [dt.date(2026, 2, 2) + dt.timedelta(days=n % 40) for n in range(MESSAGES)]
    threads = [Told(records=tuple((day, *cell) for day in messages)) for cell in dealt.flags()]
    gate.flags = [thread for thread in threads for _ in range(3)]
    fine_table(gate, quarter=HALF)
    for quarter in (1, 2):
        stored = gate.close(Period(2026, quarter))
        score = dealt.score(partial(raised, stored))
        bound = best_guess(HALF if quarter == 1 else 0)
        assert score.keeps(bound)
        assert score.reaches(bound)
