"""When a flag is due: its months, what is owed, what holds it, and the freezes that come first."""

import dataclasses
import datetime as dt
from dataclasses import dataclass, field

import pytest

from concerns.disclosure.periods import Kind, Period
from concerns.triage.retaining.rules import (
    Kept,
    due_on,
    is_due,
    last_day_of_hold,
    period_of,
    week_to_keep,
)

WEEK = dt.date(2026, 2, 9)
CONCLUDED = dt.date(2026, 2, 20)
KEPT = Kept(WEEK, CONCLUDED, counts_since=dt.date(2026, 2, 11))
TODAY = dt.date(2027, 2, 20)
ALL_FROZEN = {Kind.QUARTER: "2026-Q4", Kind.YEAR: "2026"}


@dataclass
class Closes:
    """Three weeks to the cut-off, and so far frozen."""

    frozen: dict[Kind, str]
    kinds: tuple[Kind, ...] = (Kind.QUARTER, Kind.YEAR)
    first_weeks: dict[Kind, dt.date] = field(default_factory=dict)
    return_made: bool = True

    def declared_from(self, period: Period) -> Period | None:
        return period if period.kind in self.kinds else None

    def sorted_by(self, period: Period) -> dt.date:
        return period.cut_off(21) - dt.timedelta(days=1)

    def counts_week(self, period: Period, week: dt.date) -> bool:
        return week >= self.first_weeks.get(period.kind, dt.date.min)

    def frozen_until(self, kind: Kind) -> Period | None:
        return Period.parse(self.frozen[kind]) if kind in self.frozen else None

    def returned(self, week: dt.date) -> bool:
        return self.return_made


def due(kept: Kept = KEPT, today: dt.date = TODAY, months: int = 12, **closes: object) -> bool:
    return is_due(kept, months, today, Closes(**{"frozen": ALL_FROZEN, **closes}))  # type: ignore[arg-type]


def test_it_is_due_on_the_day_its_months_are_over_and_not_the_day_before() -> None:
    assert due_on(KEPT, 12) == TODAY
    assert due() and not due(today=TODAY - dt.timedelta(days=1))
    assert due(today=dt.date(2026, 8, 20), months=6, frozen={**ALL_FROZEN})
    assert due_on(dataclasses.replace(KEPT, concluded=dt.date(2026, 8, 31)), 6) == dt.date(2027, 2, 28)


@pytest.mark.parametrize(
    "changed",
    [
        {"concluded": None},
        {"owed": True},
        {"held_until": TODAY},
        {"counts_since": None},
    ],
)
def test_what_is_open_owed_held_or_never_sorted_stays(changed: dict[str, object]) -> None:
    assert not due(dataclasses.replace(KEPT, **changed))  # type: ignore[arg-type]


def test_a_hold_ends_with_its_last_day() -> None:
    assert due(dataclasses.replace(KEPT, held_until=TODAY - dt.timedelta(days=1)))


@pytest.mark.parametrize(
    ("frozen", "is_it"),
    [
        ({}, False),
        ({Kind.QUARTER: "2026-Q1"}, False),
        ({Kind.YEAR: "2026"}, False),
        ({Kind.QUARTER: "2025-Q4", Kind.YEAR: "2026"}, False),
        ({Kind.QUARTER: "2026-Q1", Kind.YEAR: "2026"}, True),
    ],
)
def test_each_declared_kind_freezes_it_first(frozen: dict[Kind, str], is_it: bool) -> None:
    assert due(frozen=frozen) is is_it


def test_a_return_that_counts_it_is_made_first() -> None:
    assert not due(return_made=False)


def test_without_kinds_nothing_is_waited_for() -> None:
    assert due(frozen={}, kinds=())


def test_one_that_missed_a_cut_off_waits_for_the_next_period() -> None:
    closes = Closes({})
    last = dt.date(2026, 4, 20)
    assert period_of(Kind.QUARTER, WEEK, last, closes) == Period(2026, 1)
    assert period_of(Kind.QUARTER, WEEK, last + dt.timedelta(days=1), closes) == Period(2026, 2)
    late = dataclasses.replace(KEPT, counts_since=last + dt.timedelta(days=1))
    frozen = {Kind.QUARTER: "2026-Q1", Kind.YEAR: "2026"}
    assert not due(late, frozen=frozen)
    assert due(late, frozen={**frozen, Kind.QUARTER: "2026-Q2"})


def test_a_kind_that_may_not_count_it_is_not_waited_for() -> None:
    """A kind that was declared later leaves out what was told before: staff were promised so."""
    frozen = {Kind.QUARTER: "2026-Q4"}
    assert not due(frozen=frozen)
    assert due(frozen=frozen, first_weeks={Kind.YEAR: WEEK + dt.timedelta(weeks=1)})


def test_a_hold_reaches_twelve_months_and_its_last_week_is_kept_whole() -> None:
    assert last_day_of_hold(dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)
    ceiling = dt.date(2027, 3, 1)
    assert week_to_keep(ceiling, dt.date(2027, 2, 10)) == ceiling
    assert week_to_keep(ceiling, dt.date(2027, 12, 24)) == dt.date(2027, 12, 20)
