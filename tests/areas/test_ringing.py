"""The numbers to ring: one is always answered, none stands twice, and one that nobody tried for long is named."""

import datetime as dt

import pytest

from concerns.areas.ringing import NONE_ALWAYS, always, key_of, to_try, tried_on, trouble

TODAY = dt.date(2026, 11, 27)
NINES = {"name": "Emergency", "number": "999", "hours": "Day and night", "danger": True}
OFFICE = {"name": "Union", "number": "0300 1", "hours": "Office hours", "danger": False}


def test_one_number_for_danger_is_answered_at_any_hour() -> None:
    assert trouble([NINES, OFFICE]) == ""
    for change in ({"danger": False}, {"hours": "Weekdays"}, {"number": "  "}):
        assert not always({**NINES, **change})
        assert trouble([{**NINES, **change}, OFFICE]) == NONE_ALWAYS
    assert trouble([]) == NONE_ALWAYS


def test_none_stands_twice_and_there_is_a_limit() -> None:
    assert "already" in trouble([NINES, OFFICE, {**OFFICE, "danger": True}])
    assert "20 numbers" in trouble([NINES, *({**OFFICE, "number": str(one)} for one in range(20))])


def test_its_key_follows_its_words_alone() -> None:
    assert key_of(NINES) == key_of({**NINES, "checked_on": "2026-01-01"})
    assert key_of(NINES) != key_of({**NINES, "number": "998"})


@pytest.mark.parametrize(
    ("checked_on", "late"),
    [(None, True), ("", True), ("soon", True), ("2026-11-27", False), ("2026-05-28", False), ("2026-05-27", True)],
)
def test_one_that_nobody_tried_for_six_months_is_named(checked_on: str | None, late: bool) -> None:
    post = NINES if checked_on is None else {**NINES, "checked_on": checked_on}
    assert (to_try([post], TODAY) == [post]) is late


def test_a_day_is_read_or_there_is_none() -> None:
    assert tried_on({"checked_on": "2026-05-28"}) == dt.date(2026, 5, 28)
    assert tried_on({"checked_on": 7}) is None
