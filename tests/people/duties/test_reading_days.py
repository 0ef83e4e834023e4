"""A reading day is missed until a guardian signs in, and nothing says which of them it was."""

import datetime as dt

import pytest
from sqlalchemy import inspect, select

from concerns.areas.model import Organisation
from concerns.people.duties import reading_days
from concerns.people.duties.model import ReadingDay
from concerns.people.duties.rules import Month, Tally, by_month, letters_due, months_before, reading_days_between
from tests.cast import Instance
from tests.people.visiting import Desk

SUNDAY, MONDAY, THURSDAY = dt.date(2026, 11, 22), dt.date(2026, 11, 23), dt.date(2026, 11, 26)


def rows(instance: Instance) -> list[tuple[dt.date, bool]]:
    with instance.stores.read_main() as main:
        query = select(ReadingDay.day, ReadingDay.kept).order_by(ReadingDay.day)
        return [(day, kept) for day, kept in main.execute(query)]


def on(instance: Instance, day: dt.date, hour: int = 9) -> None:
    instance.clock.now = dt.datetime.combine(day, dt.time(hour, 0), dt.UTC)


def test_a_day_is_missed_until_any_guardian_signs_in(instance: Instance, desk: Desk) -> None:
    on(instance, MONDAY, 1)
    reading_days.begin(instance.house)
    assert rows(instance) == [(MONDAY, False)]
    for name in ("lena", "ada"):  # nobody who reads
        desk.as_(name)
    assert rows(instance) == [(MONDAY, False)]
    desk.as_("gwen")
    assert rows(instance) == [(MONDAY, True)]
    reading_days.begin(instance.house)
    desk.as_("gita")
    assert rows(instance) == [(MONDAY, True)]


def test_a_row_has_no_place_for_who_it_was(instance: Instance) -> None:
    columns = {column["name"] for column in inspect(instance.stores.main).get_columns("reading_day")}
    assert columns == {"day", "kept"}


def test_a_wrong_code_keeps_no_day(instance: Instance, desk: Desk) -> None:
    on(instance, MONDAY)
    page = desk.client.get("/sign-in")
    desk.client.submit(page, desk.factors("gita") | {"code": "000000"}, button="Sign in", status=403)
    assert rows(instance) == []
    desk.sign_in("gita")
    assert rows(instance) == [(MONDAY, True)]


def test_other_days_leave_no_row(instance: Instance, desk: Desk) -> None:
    on(instance, SUNDAY)
    desk.sign_in("gita")
    reading_days.begin(instance.house)
    assert rows(instance) == []


def test_days_of_a_standstill_were_missed_whoever_comes_first_after_it(instance: Instance, desk: Desk) -> None:
    on(instance, MONDAY)
    desk.sign_in("gita")
    on(instance, dt.date(2026, 12, 7))
    desk.as_("gita")
    missed = [(day, False) for day in (THURSDAY, dt.date(2026, 11, 30), dt.date(2026, 12, 3))]
    assert rows(instance) == [(MONDAY, True), *missed, (dt.date(2026, 12, 7), True)]


def test_before_the_opening_no_day_is_owed(instance: Instance, desk: Desk) -> None:
    (instance.directory / "manifest.pin").rename(instance.directory / "pin")
    on(instance, MONDAY)
    reading_days.begin(instance.house)
    desk.sign_in("gita")
    assert rows(instance) == []
    (instance.directory / "pin").rename(instance.directory / "manifest.pin")
    reading_days.begin(instance.house)
    assert rows(instance) == [(MONDAY, False)]


def test_without_reading_days_there_is_nothing_to_keep(instance: Instance, desk: Desk) -> None:
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).reading_days = []
    on(instance, MONDAY)
    reading_days.begin(instance.house)
    desk.sign_in("gita")
    assert rows(instance) == []


def test_the_tally_leaves_today_out_and_looks_back_three_months(instance: Instance) -> None:
    days = {
        dt.date(2026, 8, 23): True,  # too long ago
        dt.date(2026, 8, 24): True,
        dt.date(2026, 11, 19): False,
        dt.date(2026, 11, 23): True,
        dt.date(2026, 11, 24): True,
    }
    with instance.stores.write_main() as main:
        main.add_all(ReadingDay(day=day, kept=kept) for day, kept in days.items())
    with instance.stores.read_main() as main:
        assert reading_days.tally(main, dt.date(2026, 11, 24)) == Tally(2, 3)
        months = reading_days.months(main, dt.date(2026, 11, 24))
    assert months == [Month(dt.date(2026, 11, 1), Tally(1, 2)), Month(dt.date(2026, 8, 1), Tally(2, 2))]
    assert months[0].tally.missed == 1


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (dt.date(2026, 5, 31), 3, dt.date(2026, 2, 28)),
        (dt.date(2028, 5, 31), 3, dt.date(2028, 2, 29)),
        (dt.date(2027, 1, 1), 12, dt.date(2026, 1, 1)),
        (dt.date(2027, 2, 15), 3, dt.date(2026, 11, 15)),
    ],
)
def test_months_before(day: dt.date, months: int, earlier: dt.date) -> None:
    assert months_before(day, months) == earlier


def test_a_long_gap_makes_no_more_than_a_year_of_days() -> None:
    days = reading_days_between(["monday"], dt.date(2000, 1, 1), MONDAY)
    assert len(days) == 53 and days[-1] == MONDAY
    assert reading_days_between(["monday"], dt.date(2026, 11, 24), MONDAY) == []
    assert by_month([]) == []


@pytest.mark.parametrize(
    ("today", "newest", "kinds"),
    [
        (MONDAY, [], ["digest"]),
        (SUNDAY, [], []),
        (MONDAY, [(dt.date(2026, 11, 19), True)], ["digest"]),
        (MONDAY, [(dt.date(2026, 11, 19), False)], ["digest", "missed"]),
        (SUNDAY, [(dt.date(2026, 11, 19), False), (dt.date(2026, 11, 16), True)], ["missed"]),
        (SUNDAY, [(dt.date(2026, 11, 19), False), (dt.date(2026, 11, 16), False)], ["missed", "overseer"]),
        (SUNDAY, [(dt.date(2026, 11, 19), True), (dt.date(2026, 11, 16), False)], []),
        (SUNDAY, [(dt.date(2026, 11, 14), False), (dt.date(2026, 11, 13), False)], []),
    ],
)
def test_letters_follow_from_the_calendar(today: dt.date, newest: list[tuple[dt.date, bool]], kinds: list[str]) -> None:
    assert [kind for kind, _day in letters_due(["monday", "thursday"], today, newest)] == kinds
