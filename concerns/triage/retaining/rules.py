"""When a flag is due to be deleted: so many months after its conclusion, once every number that it belongs in is frozen."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from concerns.disclosure.periods import Kind, Period
from concerns.triage.clocks import months_after

#: flags that one press deletes
MOST = 50
#: how long two guardians may hold a flag; they may do so again
MONTHS_HELD = 12
#: why it is held, in bytes of UTF-8
REASON_BYTES = 2_000


@dataclass(frozen=True)
class Kept:
    """What it depends on whether a flag is due."""

    #: in which it was collected
    week: dt.date
    #: None where it is not concluded
    concluded: dt.date | None
    #: since when a close counts it: it was first sorted then, or two guardians said that it is from our staff after all
    counts_since: dt.date | None
    #: an answer, a check or a word is owed to its reporter
    owed: bool = False
    #: until when a legal hold keeps it, or a proposal that waits
    held_until: dt.date | None = None


class Calendar(Protocol):
    """What everybody may know of the closes: which periods there are, what each counts, and how far they are frozen."""

    def declared_from(self, period: Period) -> Period | None:
        """This period, or where its kind is not declared for it the first one for which it is again."""

    def sorted_by(self, period: Period) -> dt.date:
        """The last day on which what the period counts was first sorted."""

    def counts_week(self, period: Period, week: dt.date) -> bool:
        """Whether what was told in that week was told under rules that let this period count it."""

    def frozen_until(self, kind: Kind) -> Period | None:
        """The last frozen period: those of a kind close in order."""

    def returned(self, week: dt.date) -> bool:
        """Whether no return to a body that the law names can still be made that counts what came in that week."""


def due_on(kept: Kept, months: int) -> dt.date | None:
    """The day from which it is to be deleted, as far as its own months go."""
    return None if kept.concluded is None else months_after(kept.concluded, months)


def is_due(kept: Kept, months: int, today: dt.date, calendar: Calendar) -> bool:
    """Whether it may and must go now."""
    day = due_on(kept, months)
    held = kept.held_until is not None and kept.held_until >= today
    open_ = day is None or day > today or kept.owed or held
    return not open_ and calendar.returned(kept.week) and all_frozen(kept, calendar)


def all_frozen(kept: Kept, calendar: Calendar, kinds: Collection[Kind] = tuple(Kind)) -> bool:
    """Whether each declared kind that counts it has frozen the period in which it does."""
    since = kept.counts_since
    if since is None:
        return False
    periods = (period_of(kind, kept.week, since, calendar) for kind in kinds)
    return all(period is None or _frozen(period, calendar) for period in periods)


def period_of(kind: Kind, week: dt.date, since: dt.date, calendar: Calendar) -> Period | None:
    """The period in which it counts: the first from its week on that ended its sorting no sooner. None for no period."""
    period = calendar.declared_from(Period.of(kind, week))
    while period is not None and calendar.sorted_by(period) < since:
        period = calendar.declared_from(period.next())
    return period if period is not None and calendar.counts_week(period, week) else None


def _frozen(period: Period, calendar: Calendar) -> bool:
    last = calendar.frozen_until(period.kind)
    return last is not None and last >= period


def last_day_of_hold(proposed: dt.date) -> dt.date:
    """How far ahead a hold may reach."""
    return months_after(proposed, MONTHS_HELD)


def week_to_keep(ceiling: dt.date, until: dt.date) -> dt.date:
    """The Monday of the last week in which a flag is kept: the promised one, or that of a hold which ends later."""
    return max(ceiling, until - dt.timedelta(days=until.weekday()))


def told_of_hold(until: str, name: str, title: str) -> str:
    """What the reporter is told of a hold; to edit before it is sent."""
    return (
        f"What you told us must be kept until {until}, because the law says so. Two of us have decided this.\n\n"
        "Nothing else changes: nobody else reads it because of this. After that day it is deleted as we promised. "
        "You can still take it back here with your nine words.\n\n"
        f"{name}, {title}"
    )
