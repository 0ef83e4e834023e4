"""The overseer is told of missed days and periods; of flags one sentence, the same however many there are."""

import datetime as dt

import pytest

from concerns.people import sessions
from concerns.people.access import COOKIE
from concerns.people.duties.model import ReadingDay
from concerns.people.model import Person
from concerns.people.service import add_person
from concerns.triage.overseeing.service import oversight
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.leave.sorting import sort_as
from tests.triage.telling import tell

LEFT = "At least one flag is more than a week overdue"


@pytest.fixture
def roles() -> list[str]:
    return ["overseer"]


@pytest.fixture
def look(instance: Instance, desk: Desk, roles: list[str]) -> Desk:
    with instance.stores.write_main() as main:
        add_person(main, "Owen", "owen@example.org", roles)
    return desk


def page(desk: Desk, status: int = 200) -> Page:
    with desk.instance.stores.read_main() as main:
        person = main.query(Person).filter_by(email="owen@example.org").one()
    cookie = sessions.start(desk.instance.house, person.id, None)
    desk.client.client.set_cookie(COOKIE, cookie, path="/desk/", secure=True)
    return desk.client.get("/overseer", status)


def test_it_tells_days_by_month(look: Desk, instance: Instance) -> None:
    days = {dt.date(2026, 10, 26): False, dt.date(2026, 11, 16): True, dt.date(2026, 11, 19): False}
    with instance.stores.write_main() as main:
        main.add_all(ReadingDay(day=day, kept=kept) for day, kept in days.items())
    found = page(look)
    assert [[words(cell) for cell in row] for row in found.tree.iter("tr")][1:] == [
        ["November 2026", "1", "1"],
        ["October 2026", "0", "1"],
    ]
    assert "Guardians read on Mondays and Thursdays." in found.text


def test_a_new_service_has_missed_nothing(look: Desk) -> None:
    text = page(look).text
    assert "No reading day has passed yet." in text
    assert "None waits for longer than 14 days." in text
    assert "No flag has been left for more than a week" in text


def test_a_period_that_nobody_closed_is_told_after_fourteen_days(look: Desk, instance: Instance) -> None:
    tell(instance)
    instance.clock.now = dt.datetime(2027, 2, 4, 9, tzinfo=dt.UTC)
    assert "October to December 2026" not in page(look).text
    instance.clock.now = dt.datetime(2027, 2, 5, 9, tzinfo=dt.UTC)
    assert "October to December 2026, since 21 January 2027" in page(look).text


def test_a_flag_from_before_the_launch_adds_no_period(instance: Instance, look: Desk) -> None:
    """Which periods there are must not tell that somebody told something."""
    instance.clock.now = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    tell(instance)
    instance.clock.now = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    assert "None waits for longer than 14 days." in page(look).text


def test_one_sentence_says_that_a_flag_was_left_and_never_how_many(look: Desk, instance: Instance) -> None:
    told = tell(instance, "First.")
    started = instance.clock.now
    instance.clock.now = dt.datetime(2026, 12, 6, 9, tzinfo=dt.UTC)  # due on 30 November
    assert LEFT not in page(look).text
    instance.clock.now = dt.datetime(2026, 12, 7, 9, tzinfo=dt.UTC)
    one = page(look)
    assert LEFT in one.text
    instance.clock.now = started
    more = [tell(instance, f"Number {number}.", exclude=["gita"] if number % 2 else []) for number in range(5)]
    instance.clock.now = dt.datetime(2026, 12, 7, 9, tzinfo=dt.UTC)
    assert page(look).text == one.text
    for number, each in enumerate([told, *more]):
        sort_as(instance, "gita" if number % 2 else "gwen", each)
    assert LEFT not in page(look).text


@pytest.mark.parametrize("roles", [["leader", "overseer"]])
def test_who_leads_too_learns_nothing_from_flags(look: Desk, instance: Instance) -> None:
    before = page(look).text
    assert "Because you are a leader too, nothing is said here." in before
    tell(instance)
    instance.clock.now = dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC)
    assert oversight(instance.house, leads=False).unanswered is True
    assert page(look).text == before


def test_a_refused_charter_is_a_plain_page(look: Desk, instance: Instance) -> None:
    (instance.directory / "manifest.pin").write_text("0" * 64)
    assert "Ask a guardian" in page(look, 409).text


def test_the_overseer_begins_there_and_reaches_nothing_else(look: Desk) -> None:
    assert list(page(look).links()).count("Duties") == 1
    assert look.client.get("/", 302).location == "/desk/overseer"
    for path in ("/inbox", "/leave", "/report/", "/close/", "/set-up"):
        look.client.get(path, 403)
