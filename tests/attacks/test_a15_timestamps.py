"""A15: read times, ids and order off the report: it is newer where somebody has just told, and her line is the last."""

import datetime as dt
import random
from dataclasses import dataclass

import pytest

from concerns.disclosure.periods import Period
from tests.attacks.games import HALF, Score, best_guess
from tests.disclosure import checks
from tests.disclosure.gate import Gate, Told

pytestmark = pytest.mark.attack

DAYS = [dt.date(2026, 1, 5), dt.date(2026, 2, 16)]


@dataclass(frozen=True)
class DatedReport:
    """A live page: its lines in the order in which they first came, and when it was last updated."""

    updated: dt.date
    lines: tuple[str, ...]


def dated_report(flags: list[tuple[dt.date, str]]) -> DatedReport:
    flags = sorted(flags, key=lambda one: one[0])
    return DatedReport(flags[-1][0], tuple(dict.fromkeys(theme for _day, theme in flags)))


def dealt(seed: int) -> list[bool]:
    rng = random.Random(seed)
    return [rng.random() < 0.5 for _ in range(60)]


def test_a15_succeeds_against_a_page_that_says_when_it_was_updated() -> None:
    """Whether she told in January or in February: the date says it, and so does the order of the lines."""
    others = [(dt.date(2026, 2, 2), "T01"), (dt.date(2026, 2, 9), "T02")]
    pages = [(late, dated_report([*others, (DAYS[late], "T00")])) for late in dealt(21)]
    by_date = Score.of((page.updated == DAYS[1]) == late for late, page in pages)
    by_order = Score.of((page.lines[-1] == "T00") == late for late, page in pages)
    assert by_date == by_order == Score(60, 60)
    assert not by_date.keeps(best_guess(HALF))


@pytest.mark.usefixtures("silent")
def test_a15_fails_where_not_one_byte_depends_on_the_day(gate: Gate) -> None:
    """The lot is which week she told in and which id her thread got: with the same noise the bytes are the same."""
    bodies = set()
    for late in (False, True):
        other = gate.again(Told(DAYS[late], ((DAYS[late] + dt.timedelta(days=3), "T00", "ward-1"),)))
        other.close(Period(2026, 1), dt.date(2026, 4, 21) + dt.timedelta(days=9 * late))
        bodies.add(other.history().frozen[Period(2026, 1)].body)
    assert len(bodies) == 1
    checks.d12_the_same_counts_give_the_same_bytes_whatever_came_when(gate)
