"""Which days are reading days, how they were kept, and which letter is due: plain functions of the calendar."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from concerns.areas.rules import weekdays

#: hour of the day (UTC) from which letters go out, whatever the daily collect is doing
MORNING = 6
#: months that the promise page looks back on
LOOKS_BACK = 3
#: reading days missed in a row from which an overseer is told
OVERSEER_AFTER = 2
#: days after which nobody is written to about a missed day any more
TOO_LATE = 7
#: the longest gap that is made good after a standstill, in days
LONGEST_GAP = 366


@dataclass(frozen=True)
class Tally:
    """How many of the past reading days were kept."""

    kept: int
    days: int

    @property
    def missed(self) -> int:
        return self.days - self.kept


@dataclass(frozen=True)
class Month:
    """One row of the overseer's table."""

    first: dt.date
    tally: Tally


def reading_days_between(names: Sequence[str], first: dt.date, last: dt.date) -> list[dt.date]:
    """The reading days from one day to another, both included; of a longer gap its last year."""
    numbers = weekdays(names)
    first = max(first, last - dt.timedelta(days=LONGEST_GAP))
    days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() in numbers]


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last one of that month."""
    number = day.year * 12 + day.month - 1 - months
    first = dt.date(number // 12, number % 12 + 1, 1)
    end = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return min(first + dt.timedelta(days=day.day - 1), end)


def by_month(days: Sequence[tuple[dt.date, bool]]) -> list[Month]:
    """Past reading days, each with whether it was kept, as one tally a month, the newest first."""
    months: dict[dt.date, list[bool]] = {}
    for day, kept in days:
        months.setdefault(day.replace(day=1), []).append(kept)
    return [Month(first, Tally(sum(kept), len(kept))) for first, kept in sorted(months.items(), reverse=True)]


def letters_due(
    names: Sequence[str], today: dt.date, newest: Sequence[tuple[dt.date, bool]]
) -> list[tuple[str, dt.date]]:
    """(kind of letter, the reading day it is about) for this morning.

    `newest` are the newest past reading days with whether each was kept, the newest first.
    """
    due = [("digest", today)] if today.weekday() in weekdays(names) else []
    if newest and not newest[0][1] and (today - newest[0][0]).days <= TOO_LATE:
        missed = newest[0][0]
        due.append(("missed", missed))
        if len(newest) >= OVERSEER_AFTER and not any(kept for _day, kept in newest[:OVERSEER_AFTER]):
            due.append(("overseer", missed))
    return due
