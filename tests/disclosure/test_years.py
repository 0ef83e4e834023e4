"""The policy changes: a year keeps its kinds, and nothing is counted by looser rules than those under which it was told."""

import datetime as dt
from fractions import Fraction

import pytest

from concerns.charter.policy import Policy
from concerns.disclosure.agenda import State
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.turns import TooEarly, Undeclared, next_period
from tests.disclosure.gate import HALF, Gate, Told, counts
from tests.disclosure.test_agenda import states

QUARTERS, YEARS = Policy(kinds={"quarter": HALF, "year": HALF}), Policy(kinds={"year": HALF})
Q1 = Period(2027, 1)


def told(week: dt.date, theme: str = "T00") -> Told:
    """Told in this week, and sorted in the first days of February 2027."""
    return Told(week=week, records=((dt.date(2027, 2, 3), theme, "ward-1"),))


def test_a_kind_that_is_declared_later_starts_with_its_first_year(gate: Gate) -> None:
    gate.with_facts(kinds=YEARS.kinds, years=((0, YEARS), (2027, QUARTERS)))
    with pytest.raises(Undeclared):
        gate.part(Period(2026, 4), "gita")
    assert next_period(gate.history(), gate.facts, Kind.QUARTER, None) == Q1
    gate.with_facts(kinds=QUARTERS.kinds)
    gate.close(Q1)
    listed = states(gate, dt.date(2027, 5, 1))
    assert listed == {"2027-Q2": State.EARLY, "2027": State.EARLY, "2027-Q1": State.CLOSED, "2026": State.READY}


def test_a_kind_that_is_dropped_ends_with_its_last_year_and_may_come_back(gate: Gate) -> None:
    gate.with_facts(years=((0, QUARTERS), (2027, YEARS), (2028, QUARTERS)))
    assert "2027-Q1" not in states(gate, dt.date(2027, 5, 1))
    for quarter in (1, 2, 3, 4):
        gate.close(Period(2026, quarter))
    # the last quarter of the year was still closed; the next one there is is the first of 2028
    assert next_period(gate.history(), gate.facts, Kind.QUARTER, None) == Period(2028, 1)
    with pytest.raises(Undeclared):
        gate.with_facts(kinds=YEARS.kinds).part(Q1, "gita")
    gate.with_facts(kinds=QUARTERS.kinds).close(Period(2028, 1))
    assert gate.history().last_frozen(Kind.QUARTER) == Period(2028, 1)


def test_a_cut_off_is_the_one_of_the_periods_own_year(gate: Gate) -> None:
    later = Policy(kinds=QUARTERS.kinds, cutoff_days=40)
    gate.with_facts(years=((0, QUARTERS), (2027, later)))
    assert gate.facts.cut_off(Period(2026, 4)) == dt.date(2027, 1, 21)
    with pytest.raises(TooEarly, match="10 May 2027"):
        gate.part(Q1, "gita", dt.date(2027, 5, 9))


def test_what_was_told_under_stricter_rules_is_not_counted_by_looser_ones(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flag of 2026 that was sorted late would count in 2027, where a kind tells more than was promised to it."""
    monkeypatch.setattr("concerns.disclosure.service.discrete_laplace", lambda _epsilon: 0)
    looser = Policy(kinds={"quarter": Fraction(1), "year": HALF})
    gate.flags = [told(dt.date(2026, 12, 28), "T01"), told(dt.date(2027, 1, 4), "T02")]
    years = ((0, YEARS), (2027, looser))
    since = {"quarter": dt.date(2027, 1, 1)}
    gate.with_facts(launched_on=dt.date(2026, 12, 1), kinds=looser.kinds, years=years, collected_from=since)
    assert sum(counts(gate.close(Q1)).values()) == 1
    # without that day both would count
    naive = gate.again(*gate.flags).with_facts(collected_from={})
    assert sum(counts(naive.close(Q1)).values()) == 2


def test_a_raised_floor_holds_at_once_and_a_lowered_one_not_within_its_year(gate: Gate) -> None:
    assert gate.close(Period(2026, 1)).terms.floor == 10
    assert gate.with_facts(floor=15).close(Period(2026, 2)).terms.floor == 15
    assert gate.with_facts(floor=9).close(Period(2026, 3)).terms.floor == 10
