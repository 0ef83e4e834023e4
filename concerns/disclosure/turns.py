"""Whose turn it is: which period of a kind may be closed, from which day, and by whom."""

import datetime as dt

from concerns.disclosure import budget
from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.history import History
from concerns.disclosure.periods import Kind, Period


class CloseRefused(Exception):
    """This guardian's part in closing this period cannot be done now; the message says why."""


class TooEarly(CloseRefused):
    pass


class AlreadyFrozen(CloseRefused):
    pass


class SameGuardian(CloseRefused):
    pass


class OutOfOrder(CloseRefused):
    pass


class Undeclared(CloseRefused):
    pass


class TooFewStaff(CloseRefused):
    pass


def check_turn(
    history: History, facts: PublicFacts, period: Period, today: dt.date, first_week: dt.date | None, person_id: bytes
) -> None:
    """Raise a CloseRefused unless this person may do her part in closing this period today."""
    if period in history.frozen:
        line = history.frozen[period].line
        raise AlreadyFrozen(
            f"{period} is already frozen, in line {line.number} of the ledger. It is never counted again."
        )
    _check_declared(history, facts, period)
    from_day = facts.cut_off(period)
    if today < from_day:
        raise TooEarly(f"{period} can be closed from {in_words(from_day)}.")
    pending = history.pending(period.kind)
    if pending is None:
        _check_order(period, next_period(history, facts, period.kind, first_week))
    elif pending.period != period:
        raise OutOfOrder(f"{pending.period} waits for a second guardian. Finish it before {period}.")
    elif pending.by == person_id:
        raise SameGuardian(f"You have done your part for {period}. It is waiting for a second guardian.")


def next_period(history: History, facts: PublicFacts, kind: Kind, first_week: dt.date | None) -> Period:
    """The period that comes next: periods of a kind close in order.

    The order starts at the launch, or where older flags were imported at the earliest week of theirs. A flag of the
    launch's own week, whose Monday may lie in the period before, counts in the launch's period: a release of the one
    before would say that somebody told in the first days.
    """
    last = history.last_frozen(kind)
    if last is not None:
        return _declared(history, facts, last.next())
    monday = facts.launched_on - dt.timedelta(days=facts.launched_on.weekday())
    first = Period.of(kind, first_week if first_week is not None and first_week < monday else facts.launched_on)
    return _declared(history, facts, first)


def _declared(history: History, facts: PublicFacts, period: Period) -> Period:
    # a year that has begun keeps its kinds; one for which a kind was not declared is passed over
    begun = history.terms_of_year(period.kind, period.year) is not None
    return period if begun else facts.declared_from(period) or period


def in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _check_declared(history: History, facts: PublicFacts, period: Period) -> None:
    kinds = facts.kinds_in(period.year)
    try:
        budget.check(kinds)
    except budget.OverBudget as error:
        raise Undeclared(str(error)) from error
    fixed = history.terms_of_year(period.kind, period.year)
    # a year that has begun keeps its kinds
    if period.kind not in kinds and fixed is None:
        raise Undeclared(f"Releases by {period.kind} are not declared in the policy, so {period} cannot be closed.")
    # whatever the policy declares: its kinds may be older than the head-counts. A year that has begun keeps its table
    staff = fixed.table.staff if fixed else sum(area.staff for area in facts.areas)
    if staff < budget.STAFF_FROM:
        raise TooFewStaff(
            f"{period} cannot be closed: the areas have {staff} staff together, and below {budget.STAFF_FROM} any number "
            "could point to somebody, so only words are told."
        )


def _check_order(period: Period, expected: Period) -> None:
    if period > expected:
        raise OutOfOrder(f"{expected} has to be closed before {period}.")
    if period < expected:
        raise OutOfOrder(f"{period} lies before the first period with flags, {expected}.")
