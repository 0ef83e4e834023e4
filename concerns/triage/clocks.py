"""Everything that is owed in a thread, with its day: pure rules, beside `rules.due`, which names the next word alone.

Working days are Monday to Friday; bank holidays are not known here, so around them a duty falls due a day early.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.triage.rules import FINISHED, Due, Step, band, due

#: the reporter who is treated badly is answered within so many working days, and asked again after so many months
DETRIMENT_WORKING_DAYS = 2
DETRIMENT_CHECKS = (1, 3, 6)
#: a score in the highest band has an owner within so many working days
EXTREME_WORKING_DAYS = 1
#: statuses in which somebody has the job to put it right, or nobody needs it any more
OWNED = FINISHED | {"referred", "being addressed", "responded"}
#: statuses in which the reporter was told what came of it
ANSWERED = FINISHED | {"responded"}


@dataclass(frozen=True)
class Course:
    """What the clocks of one thread run from. Days are those of sealed records; weeks are named by their Monday."""

    step: Step
    #: in which it was collected
    week: dt.date
    #: of the newest record
    last_day: dt.date | None = None
    first_sorted: dt.date | None = None
    #: how many guardians sorted it, and how many can read it
    sorters: int = 0
    readers: int = 2
    #: of the newest record; 0 where it is not scored
    score: int = 0
    #: since when its score has been in the highest band
    extreme_since: dt.date | None = None
    reopened: dt.date | None = None
    finished: dt.date | None = None
    #: in which the reporter last said that they are treated badly
    detriment: dt.date | None = None
    #: a guardian wrote to the reporter after that
    detriment_answered: bool = False
    #: of the newest reply
    last_reply: dt.date | None = None


def duties(course: Course, clocks: Mapping[str, int]) -> list[Due]:
    """All that is owed, the earliest first."""
    found = [
        due(course.step, course.week, course.last_day, clocks),
        _feedback(course, clocks),
        _owner(course),
        _second_reader(course, clocks),
        *_detriment(course),
        _watch(course, clocks),
    ]
    return sorted((one for one in found if one is not None), key=lambda one: one.day)


def working_days_after(day: dt.date, number: int) -> dt.date:
    """The day that many working days later; counting begins with the next working day."""
    while number > 0:
        day += dt.timedelta(days=1)
        if day.weekday() < 5:
            number -= 1
    return day


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _monday_after(week: dt.date) -> dt.date:
    return week - dt.timedelta(days=week.weekday()) + dt.timedelta(days=7)


def _feedback(course: Course, clocks: Mapping[str, int]) -> Due | None:
    if course.step.status in ANSWERED:
        return None
    since = max(_monday_after(course.week), course.reopened or course.week)
    return Due("Say what came of it", months_after(since, clocks.get("feedback_months", 3)))


def _owner(course: Course) -> Due | None:
    if course.extreme_since is None or band(course.score) != "extreme" or course.step.status in OWNED:
        return None
    return Due("Find an owner", working_days_after(course.extreme_since, EXTREME_WORKING_DAYS))


def _second_reader(course: Course, clocks: Mapping[str, int]) -> Due | None:
    if course.first_sorted is None or course.sorters != 1 or course.readers < 2:
        return None
    days = clocks.get("second_reader_working_days", 3)
    return Due("Second reader", working_days_after(course.first_sorted, days))


def _detriment(course: Course) -> list[Due]:
    """The answer, and the next time to ask: a reply written since a check's day has made it."""
    if course.detriment is None:
        return []
    since = _monday_after(course.detriment)
    found = []
    if not course.detriment_answered:
        found.append(Due("Answer how they are treated", working_days_after(since, DETRIMENT_WORKING_DAYS)))
    checks = [months_after(since, months) for months in DETRIMENT_CHECKS]
    left = [day for day in checks if course.last_reply is None or course.last_reply < day]
    return [*found, *(Due("Ask again how they are treated", day) for day in left[:1])]


def _watch(course: Course, clocks: Mapping[str, int]) -> Due | None:
    if course.step.status not in FINISHED or course.finished is None:
        return None
    return Due("Look whether it came back", months_after(course.finished, clocks.get("watch_months", 12)))
