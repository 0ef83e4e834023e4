"""Themes that are told of more or less than they were, in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from concerns.themes.rules import ThemeFacts
from concerns.triage.insight.signals import BEFORE, EARLY, JUDGED, LEAST, QUIETER, RISING, USUAL, Signal, signals

TODAY = dt.date(2026, 11, 25)
MONDAY = dt.date(2026, 11, 23)
FOOD, STAFF = (ThemeFacts(code, code, None, None, "Said.", ()) for code in ("Food", "Staff"))


@dataclass(frozen=True)
class Told:
    """A flag as a signal sees it."""

    week: dt.date
    primary: str = "Food"
    event: str = ""


def back(weeks: int) -> dt.date:
    """The Monday so many whole weeks ago."""
    return MONDAY - dt.timedelta(weeks=weeks)


def usual(weekly: int = 2, theme: str = "Food") -> list[Told]:
    return [Told(back(week), theme) for week in range(1, BEFORE + JUDGED + 1) for _ in range(weekly)]


def food(flags: Iterable[Told]) -> Signal:
    return next(one for one in signals(list(flags), [STAFF, FOOD], TODAY) if one.theme == "Food")


def test_a_theme_that_is_told_of_as_ever_is_as_usual() -> None:
    assert food(usual()) == Signal("Food", USUAL)


def test_more_of_it_is_rising_from_the_week_in_which_it_began() -> None:
    more = [Told(back(week)) for week in range(1, 6) for _ in range(3)]
    assert food([*usual(), *more]) == Signal("Food", RISING, back(5))
    assert signals([*usual(), *more], [STAFF, FOOD], TODAY)[0].theme == "Food"


def test_less_of_it_is_quieter_and_a_theme_told_of_seldom_never_is() -> None:
    assert food(one for one in usual(4) if one.week <= back(9)) == Signal("Food", QUIETER, back(8))
    seldom = [Told(back(week)) for week in range(13, 60, 3)]
    assert food([*usual(theme="Staff"), *seldom]).says == USUAL


def test_a_theme_is_not_called_quieter_while_its_flags_wait_to_be_sorted() -> None:
    fewer = [one for one in usual(4) if one.week <= back(9)]
    assert food([*fewer, Told(back(2), "")]).says == USUAL
    assert food([*fewer, Told(back(20), "")]).says == QUIETER


def test_a_week_that_is_not_over_counts_for_nothing() -> None:
    assert food([*usual(), *[Told(MONDAY)] * 50]) == food(usual())
    assert food([*(one for one in usual(4) if one.week <= back(9)), Told(MONDAY, "")]).says == QUIETER


def test_an_event_counts_once_in_the_week_of_its_first_flag() -> None:
    alone = [Told(back(week), event="") for week in range(1, 6) for _ in range(3)]
    linked = [Told(one.week, event="ab" * 16) for one in alone]
    assert food([*usual(), *alone]).says == RISING
    assert food([*usual(), *linked]) == food([*usual(), Told(back(5))]) == Signal("Food", USUAL)


def test_it_is_too_early_until_there_are_weeks_to_judge_by() -> None:
    young = [one for one in usual() if one.week >= back(JUDGED + LEAST - 1)]
    assert food(young) == Signal("Food", EARLY)
    assert food([*young, Told(back(JUDGED + LEAST))]).says == USUAL
    assert [one.says for one in signals([], [STAFF, FOOD], TODAY)] == [EARLY, EARLY]


def test_flags_of_no_theme_and_of_themes_that_are_gone_do_no_harm() -> None:
    odd = [Told(back(week), theme) for week in range(1, 9) for theme in ("", "other", "GONE") for _ in range(9)]
    assert food([*usual(), *odd]) == food(usual())
