"""Which flags a stand-in may see, as plain facts."""

import datetime as dt
from typing import Any

import pytest

from concerns.triage.index.covering import Cover
from tests.triage.index.test_shards import card

TODAY = dt.date(2026, 12, 1).toordinal()
ME, GITA, GWEN = "5" * 16, "6" * 16, "7" * 16
#: sorted by Gita, nothing due, nothing urgent; of a week that was over before the newest reading day
QUIET: dict[str, Any] = {
    "sorted": True, "holder": GITA, "sorters": [GITA], "status": "assessing", "owed_day": TODAY + 9, "second": 0,
    "asked_until": 0,
}  # fmt: skip
NEW = {**QUIET, "sorted": False, "holder": "", "sorters": [], "status": "received"}
DONE = {**QUIET, "status": "concluded", "outcome": "acted"}


def shown(facts: dict[str, Any], *, away: tuple[str, ...] = (), kept: bool = True, **said: Any) -> bool:
    cover = Cover(ME, frozenset({GITA, GWEN}), frozenset(away), TODAY, TODAY - 1, kept)
    return cover.shows(card(**facts | said))


@pytest.mark.parametrize("facts", [QUIET, NEW, DONE, {**NEW, "waits": True}, {**QUIET, "owed_day": TODAY}])
def test_nothing_is_hers_while_the_others_read(facts: dict[str, Any]) -> None:
    assert not shown(facts)
    assert not shown(facts, kept_out=[GITA])
    assert not shown(facts, away=(GWEN,))


@pytest.mark.parametrize("facts", [QUIET, NEW, DONE])
def test_what_nobody_else_may_read_is_hers(facts: dict[str, Any]) -> None:
    assert shown(facts, kept_out=[GITA, GWEN])


def test_what_nobody_else_can_read_today_is_hers_until_it_is_closed() -> None:
    assert shown(NEW, away=(GITA, GWEN))
    assert shown(NEW, away=(GWEN,), kept_out=[GITA])
    assert shown(QUIET, away=(GITA,)), "its first reader is away"
    assert not shown(DONE, away=(GITA, GWEN))


def test_what_is_late_is_hers() -> None:
    assert shown(QUIET, owed_day=TODAY - 1)
    assert shown(QUIET, second=TODAY - 1) and not shown(QUIET, second=TODAY)
    assert not shown(DONE, second=TODAY - 1, owed_day=0)


@pytest.mark.parametrize("urgent", [{**NEW, "danger": True}, {**QUIET, "detriment": True}])
def test_danger_and_bad_treatment_are_hers_after_a_reading_day(urgent: dict[str, Any]) -> None:
    assert shown(urgent)
    assert not shown(urgent, week=dt.date.fromordinal(TODAY - 1)), "it came after that reading day"
    assert not shown({**urgent, "sorted": True, "detriment_answered": True})


def test_after_a_missed_reading_day_what_is_new_is_hers() -> None:
    assert shown(NEW, kept=False)
    assert not shown(QUIET, kept=False)
    assert not shown(NEW, kept=False, week=dt.date.fromordinal(TODAY - 1))


def test_what_was_asked_of_her_is_hers() -> None:
    assert shown(QUIET, holder=ME) and shown(DONE, holder=ME)
    assert shown(QUIET, asked_until=TODAY) and not shown(QUIET, asked_until=TODAY - 1)
