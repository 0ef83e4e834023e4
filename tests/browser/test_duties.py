"""Gita goes on leave and hands a flag over; Owen looks whether duties were kept: on a phone and on a desk."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from concerns.people.duties.model import ReadingDay
from concerns.people.service import add_person, set_up_from_file
from tests.browser.pages.desk import DeskPages
from tests.cast import TOTP, Instance
from tests.triage.leave.sorting import sort_as
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

LONG = "<b>Lift</b> " + "stopsbetweenfloors" * 8 + " \u202egnihton\u202c 🛗"

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]


@pytest.mark.parametrize("width", [375, 1280])
def test_gita_goes_on_leave_and_hands_over(open_desk: Open, rehearsal: Instance, sound: Sound, width: int) -> None:
    told = tell(rehearsal, LONG)
    sort_as(rehearsal, "gita", told)
    desk = open_desk(width)
    desk.go("/me")
    desk.sign_in("gita")
    desk.go("/me")
    desk.follow("Going on leave")
    sound(desk.page)
    desk.write("Last day away", "2026-11-20")
    desk.press("Save")
    assert "First day away: enter a day" in desk.text
    sound(desk.page)
    desk.write("First day away", "2026-11-22")
    desk.write("Last day away", "2026-12-04")
    desk.press("Save")
    assert "The other guardians see until when you are away" in desk.text
    sound(desk.page)
    desk.follow("Hand over your flags")
    sound(desk.page)
    desk.choose("Who takes it over", "Gwen")
    desk.write("One line about it", "x" * 201)
    desk.press("Hand over")
    assert "nothing is lost" in desk.text
    sound(desk.page)
    desk.write("One line about it", "Waits for Estates.")
    desk.press("Hand over")
    assert "You have no open flag." in desk.text
    desk.go(told.path)
    assert "Handed over to Gwen. Waits for Estates." in desk.text


@pytest.mark.parametrize("width", [375, 1280])
def test_owen_sees_days_and_no_flag(open_desk: Open, rehearsal: Instance, sound: Sound, width: int) -> None:
    with rehearsal.stores.write_main() as main:
        owen = add_person(main, "Owen", "owen@example.org", ["overseer"])
        set_up_from_file(owen, rehearsal.passphrase("owen"), TOTP, rehearsal.directory / "run")
        main.add(ReadingDay(day=dt.date(2026, 11, 19), kept=False))
    desk = open_desk(width)
    desk.go("/")
    desk.sign_in("owen")
    assert desk.heading == "Duties"
    assert "November 2026 0 1" in desk.text
    sound(desk.page)
