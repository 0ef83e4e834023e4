"""What became of a promise follows from its changes alone, and moving a date launders nothing."""

import datetime as dt

import pytest

from concerns.learning.promises.rules import (
    DONE,
    ENDED,
    GIVEN_UP,
    MADE,
    MOVED,
    REVIEWED,
    Change,
    answer_trouble,
    date_trouble,
    mostly_structural,
    review_trouble,
    standing,
    step_trouble,
)
from concerns.learning.rules import newest_day, readable_from

JAN, FEB, MAR, APR = (dt.date(2027, month, 10) for month in (1, 2, 3, 4))
PROMISED = Change(MADE, JAN, MAR)


def change(what: str, day: dt.date, due: dt.date = MAR) -> Change:
    return Change(what, day, due, None, "because")


@pytest.mark.parametrize(
    ("changes", "today", "state", "since", "overdue"),
    [
        ([], FEB, "open", JAN, False),
        ([], MAR, "open", JAN, False),  # the day itself still counts
        ([], APR, "late", MAR + dt.timedelta(days=1), True),
        ([change(DONE, MAR)], APR, "kept", MAR, False),
        ([change(DONE, APR)], APR, "late", APR, False),
        ([change(ENDED, FEB)], APR, "ended-early", FEB, False),
        ([change(GIVEN_UP, FEB)], APR, "dropped", FEB, False),
        ([change(GIVEN_UP, APR)], APR, "dropped", APR, False),
        # moved in time: the new date holds
        ([change(MOVED, FEB, APR)], APR, "open", JAN, False),
        ([change(MOVED, FEB, APR), change(DONE, APR, APR)], APR, "kept", APR, False),
        # moved after it had passed: it stays late
        ([change(MOVED, MAR + dt.timedelta(days=1), APR)], APR, "late", MAR + dt.timedelta(days=1), True),
        ([change(MOVED, MAR + dt.timedelta(days=1), APR), change(DONE, APR, APR)], APR, "late", APR, False),
        # what comes later is not seen yet
        ([change(DONE, APR)], FEB, "open", JAN, False),
    ],
)
def test_what_became_of_it(changes: list[Change], today: dt.date, state: str, since: dt.date, overdue: bool) -> None:
    found = standing([PROMISED, *changes], today)
    assert found is not None
    assert (found.state, found.since, found.overdue, found.first_due) == (state, since, overdue, MAR)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ([], "overdue"),
        ([change(MOVED, MAR + dt.timedelta(days=1), APR)], "overdue"),
        ([change(MOVED, FEB, APR)], "open"),
        ([change(DONE, MAR)], "kept"),
        ([change(DONE, APR)], "done-late"),
        ([change(ENDED, APR)], "done-late"),
        ([change(ENDED, FEB)], "ended-early"),
        ([change(GIVEN_UP, MAR)], "dropped"),
        # dropping it does not make up for the date that it missed
        ([change(GIVEN_UP, APR)], "dropped-late"),
        ([change(MOVED, MAR + dt.timedelta(days=1), APR), change(GIVEN_UP, APR, APR)], "dropped-late"),
    ],
)
def test_what_missed_its_date_is_told_apart_from_what_did_not(changes: list[Change], outcome: str) -> None:
    found = standing([PROMISED, *changes], APR)
    assert found is not None and found.outcome == outcome


class TestReviews:
    MADE_ = Change(MADE, JAN, MAR, APR)
    KEPT = Change(DONE, FEB, MAR, APR, "All wards.")

    def look(self, day: dt.date, again: dt.date | None, result: str = "failed") -> Change:
        return Change(REVIEWED, day, MAR, again, "We asked.", result)

    def test_it_is_due_on_its_day_and_until_somebody_looked(self) -> None:
        due = [
            (found.review_due, found.reviewed)
            for day in (APR - dt.timedelta(days=1), APR, dt.date(2028, 1, 1))
            if (found := standing([self.MADE_, self.KEPT], day))
        ]
        assert due == [(False, None), (True, None), (True, None)]

    def test_a_look_leaves_what_became_of_it_as_it_was(self) -> None:
        before = standing([self.MADE_, self.KEPT], APR)
        after = standing([self.MADE_, self.KEPT, self.look(APR, None)], APR)
        assert before is not None and after is not None
        assert after.reviewed == self.look(APR, None) and not after.review_due and after.review is None
        assert (after.state, after.since, after.closed, after.because, after.due) == (
            before.state, before.since, before.closed, before.because, before.due,
        )  # fmt: skip

    def test_of_one_that_is_owed_it_neither_ends_it_nor_hides_its_date(self) -> None:
        found = standing([self.MADE_, self.look(FEB, None)], APR)
        assert found is not None and found.overdue and found.closed is None

    def test_too_early_is_due_again(self) -> None:
        later = dt.date(2027, 9, 1)
        changes = [self.MADE_, self.KEPT, self.look(APR, later, "too-early")]
        found = [standing(changes, day) for day in (APR, later)]
        assert [one and one.review_due for one in found] == [False, True]

    def test_what_was_dropped_is_not_looked_at_again(self) -> None:
        found = standing([self.MADE_, Change(GIVEN_UP, FEB, MAR, APR)], APR)
        assert found is not None and found.review is None and not found.review_due

    @pytest.mark.parametrize(
        ("before", "what", "possible"),
        [
            ([MADE], REVIEWED, True),
            ([MADE, DONE], REVIEWED, True),
            ([MADE, ENDED, REVIEWED], REVIEWED, True),
            ([MADE, GIVEN_UP], REVIEWED, False),
            ([MADE, REVIEWED], DONE, True),
            # a look back does not open it again
            ([MADE, DONE, REVIEWED], MOVED, False),
            ([MADE, DONE, REVIEWED], GIVEN_UP, False),
        ],
    )
    def test_which_step_may_follow(self, before: list[str], what: str, possible: bool) -> None:
        assert (step_trouble(before, what) == "") is possible

    @pytest.mark.parametrize(
        ("result", "review", "good"),
        [
            ("worked", None, True),
            ("too-early", None, False),
            ("too-early", FEB, True),
            ("partly", JAN, False),  # today: it would be due again at once
            ("partly", dt.date(2031, 1, 1), False),
        ],
    )
    def test_when_it_is_looked_at_again(self, result: str, review: dt.date | None, good: bool) -> None:
        assert (review_trouble(result, review, JAN) == "") is good


def test_before_it_was_made_it_is_not_there() -> None:
    assert standing([PROMISED], JAN - dt.timedelta(days=1)) is None
    assert standing([], JAN) is None


@pytest.mark.parametrize(
    ("types", "warned"),
    [
        ([], False),
        (["structural"], True),
        (["structural", "training"], False),
        (["structural"] * 2 + ["culture"], True),
    ],
)
def test_more_than_half_structural_is_warned_of(types: list[str], warned: bool) -> None:
    assert mostly_structural(types) is warned


def test_where_nothing_is_done_why_not_must_be_said() -> None:
    assert answer_trouble({"known": "", "doing": "x"}) == ("known", "Write what we know")
    wrong = answer_trouble({"known": "x", "doing": "", "declined": ""})
    assert wrong is not None and wrong[0] == "declined"
    assert answer_trouble({"known": "x", "doing": "", "declined": "We decided not to, because …"}) is None
    assert answer_trouble({"known": "x", "doing": "y"}) is None


def test_a_date_lies_ahead_and_within_three_years() -> None:
    assert date_trouble(MAR, APR, JAN) is None
    assert date_trouble(JAN, None, JAN) is None
    for due, review in ((JAN - dt.timedelta(days=1), None), (dt.date(2031, 1, 1), None), (MAR, dt.date(2026, 1, 1))):
        assert date_trouble(due, review, JAN)


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (dt.date(2026, 11, 1), dt.date(2026, 10, 1)),  # a Sunday: November's first working day is tomorrow
        (dt.date(2026, 11, 2), dt.date(2026, 11, 2)),
        (dt.date(2026, 11, 30), dt.date(2026, 11, 2)),
        (dt.date(2027, 1, 3), dt.date(2026, 12, 1)),  # New Year's Day is a Friday
        (dt.date(2027, 1, 4), dt.date(2027, 1, 4)),
    ],
)
def test_staff_read_what_changed_on_the_first_working_day(today: dt.date, newest: dt.date) -> None:
    assert newest_day(today) == newest
    assert readable_from(newest - dt.timedelta(days=1)) == newest
    assert readable_from(newest) > newest
