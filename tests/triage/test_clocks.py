"""Everything that is owed in a thread, and by when."""

import datetime as dt
from typing import Any

import pytest

from concerns.charter.policy import CLOCKS
from concerns.triage.clocks import Course, duties, months_after, working_days_after
from concerns.triage.rules import STATUSES, Step, due

MONDAY = dt.date(2026, 11, 16)
FRIDAY = dt.date(2026, 11, 20)
DECEMBER = dt.date(2026, 12, 10)


def owed(status: str = "assessing", **facts: Any) -> dict[str, dt.date]:
    course = Course(**{"step": Step(status), "week": MONDAY, "last_day": DECEMBER, **facts})
    return {one.what: one.day for one in duties(course, CLOCKS)}


@pytest.mark.parametrize(
    ("number", "day"), [(0, FRIDAY), (1, dt.date(2026, 11, 23)), (3, dt.date(2026, 11, 25)), (6, dt.date(2026, 11, 30))]
)
def test_working_days_pass_over_the_weekend(number: int, day: dt.date) -> None:
    assert working_days_after(FRIDAY, number) == day


def test_a_month_later_is_never_in_the_month_after_it() -> None:
    assert months_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert months_after(dt.date(2026, 10, 31), 12) == dt.date(2027, 10, 31)


def test_a_new_flag_is_acknowledged_in_a_week_and_answered_in_three_months() -> None:
    assert owed("received", last_day=None) == {
        "Acknowledge": dt.date(2026, 11, 30),
        "Say what came of it": dt.date(2027, 2, 23),
    }


def test_the_earliest_duty_comes_first_and_the_inbox_shows_the_next_word() -> None:
    course = Course(Step("assessing"), MONDAY, DECEMBER, first_sorted=DECEMBER, sorters=1)
    found = duties(course, CLOCKS)
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert due(course.step, course.week, course.last_day, CLOCKS) in found


@pytest.mark.parametrize("status", ["responded", "concluded", "relapse watch"])
def test_feedback_is_given_once_it_is_answered(status: str) -> None:
    assert "Say what came of it" in owed()
    assert "Say what came of it" not in owed(status)


def test_reopened_the_three_months_begin_anew() -> None:
    assert owed("reopened", reopened=DECEMBER)["Say what came of it"] == dt.date(2027, 3, 10)


def test_an_extreme_score_wants_an_owner_by_the_next_working_day() -> None:
    friday: dict[str, Any] = {"score": 15, "extreme_since": FRIDAY}
    assert owed(**friday)["Find an owner"] == dt.date(2026, 11, 23)
    assert "Find an owner" not in owed(score=12, extreme_since=FRIDAY)
    for status in ("referred", "being addressed", "concluded"):
        assert "Find an owner" not in owed(status, **friday)


def test_a_second_reader_is_wanted_within_three_working_days() -> None:
    assert owed(first_sorted=FRIDAY, sorters=1)["Second reader"] == dt.date(2026, 11, 25)
    assert "Second reader" not in owed(first_sorted=FRIDAY, sorters=2)
    assert "Second reader" not in owed()
    assert "Second reader" not in owed(first_sorted=FRIDAY, sorters=1, readers=1)


def test_who_is_treated_badly_is_answered_in_two_working_days_and_asked_three_times() -> None:
    found = owed(detriment=MONDAY)
    assert found["Answer how they are treated"] == dt.date(2026, 11, 25)
    assert found["Ask again how they are treated"] == dt.date(2026, 12, 23)
    answered = owed(detriment=MONDAY, detriment_answered=True, last_reply=dt.date(2026, 11, 25))
    assert "Answer how they are treated" not in answered
    assert answered["Ask again how they are treated"] == dt.date(2026, 12, 23)
    for reply, check in ((dt.date(2026, 12, 23), dt.date(2027, 2, 23)), (dt.date(2027, 3, 1), dt.date(2027, 5, 23))):
        later = owed(detriment=MONDAY, detriment_answered=True, last_reply=reply)
        assert later["Ask again how they are treated"] == check
    last = owed(detriment=MONDAY, detriment_answered=True, last_reply=dt.date(2027, 5, 23))
    assert "Ask again how they are treated" not in last


def test_a_concluded_flag_is_watched_for_a_year() -> None:
    assert owed("concluded", finished=DECEMBER) == {"Look whether it came back": dt.date(2027, 12, 10)}
    assert owed("relapse watch", finished=DECEMBER) == {"Look whether it came back": dt.date(2027, 12, 10)}


@pytest.mark.parametrize("status", [*STATUSES, "invented"])
@pytest.mark.parametrize("clocks", [CLOCKS, {}])
def test_every_status_has_its_duties(status: str, clocks: dict[str, int]) -> None:
    assert duties(Course(Step(status), MONDAY, DECEMBER, finished=DECEMBER), clocks)
