"""Which flag follows another one in a list, as plain facts."""

import datetime as dt

import pytest

from concerns.triage.inbox.sifting import next_of
from tests.triage.index.test_shards import card

TODAY = dt.date(2026, 12, 1)
ME, GWEN = "5" * 16, "6" * 16
DONE = {"last_day": TODAY.toordinal(), "sorters": [GWEN, ME]}


def test_the_one_after_it_follows_and_after_the_last_none() -> None:
    first, second = card(), card()
    assert next_of([first, second], first.thread, ME, TODAY) == second
    assert next_of([first, second], second.thread, ME, TODAY) is None
    assert next_of([], "0" * 32, ME, TODAY) is None


def test_from_a_flag_that_is_not_on_the_list_it_begins_with_the_first() -> None:
    first = card()
    assert next_of([first, card()], "0" * 32, ME, TODAY) == first


def test_what_she_sorted_today_does_not_come_again() -> None:
    first, done, last = card(), card(**DONE), card()
    assert next_of([first, done, last], first.thread, ME, TODAY) == last
    assert next_of([first, done], first.thread, ME, TODAY) is None


@pytest.mark.parametrize(
    "other", [{"waits": True}, {"serious": ["knife"]}, {"sorters": [ME, GWEN]}, {"last_day": TODAY.toordinal() - 1}]
)
def test_it_does_where_something_waits_or_somebody_else_or_another_day_sorted_it(other: dict[str, object]) -> None:
    first, again = card(), card(**DONE | other)
    assert next_of([first, again], first.thread, ME, TODAY) == again
