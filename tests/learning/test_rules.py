"""From which day staff read a text, and what two guardians sign of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.learning.rules import Words, parts_in, published_on


@pytest.mark.parametrize(
    ("approved", "day"),
    [
        ("2026-11-02", "2026-12-01"),
        ("2026-11-30", "2026-12-01"),
        ("2026-12-31", "2027-01-04"),  # New Year's Day is a Friday
        ("2022-12-05", "2023-01-03"),  # made good on the Monday
        ("2023-04-05", "2023-05-02"),  # the early May bank holiday
        ("2026-07-05", "2026-08-03"),  # a Saturday
        ("2024-03-20", "2024-04-02"),  # Easter Monday
        ("2029-03-20", "2029-04-03"),  # a Sunday, then Easter Monday
        ("2043-02-20", "2043-03-02"),
        ("2025-12-31", "2026-01-02"),
    ],
)
def test_it_appears_on_the_first_working_day_of_the_next_month(approved: str, day: str) -> None:
    assert published_on(dt.date.fromisoformat(approved)) == dt.date.fromisoformat(day)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2199, 11, 30)))
def test_the_day_follows_from_the_month_alone(day: dt.date) -> None:
    found = published_on(day)
    assert found == published_on(day.replace(day=1))
    assert (found.year * 12 + found.month) == (day.year * 12 + day.month) + 1
    assert found.weekday() < 5 and found.day <= 5


def test_easter_is_where_the_church_has_it() -> None:
    from concerns.learning import rules

    known = ("2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2038-04-25")
    for day in map(dt.date.fromisoformat, known):
        assert rules._easter(day.year) == day


def test_everything_that_is_signed_changes_what_is_signed() -> None:
    site = bytes(16)
    one = Words("answer", "", "N01", {"known": "a", "doing": "b"})
    others = [
        Words("learning", "", "N01", {"text": "a"}),
        Words("narrative", "2026-Q1", "N01", {"text": "a"}),
        Words("narrative", "2026-Q2", "N01", {"text": "a"}),
        Words("answer", "", "N02", {"known": "a", "doing": "b"}),
        Words("answer", "", "N01", {"known": "a", "doing": "c"}),
        Words("answer", "", "N01", {"known": "a", "doing": "b", "heard": "c"}),
        Words("answer", "", "N01", {"known": "a", "doing": "b"}, rules=2),
    ]
    statements = [words.statement(site) for words in (one, *others)] + [one.statement(b"x" * 16)]
    assert len(set(statements)) == len(statements)


@pytest.mark.parametrize("body", ["", "x", "[]", '{"text": 3}', "null"])
def test_a_body_that_is_none_is_read_as_nothing(body: str) -> None:
    assert parts_in("view", body) == {"text": ""}
    assert parts_in("nothing", body) == {}
