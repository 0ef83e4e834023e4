"""Gita writes a text, Gwen agrees on another day, Lena and staff read it; each page at both widths."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.learning.releasing import freeze
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]
WORDS = "People say that nights are thinly staffed, and help comes late. We want to look at how shifts are planned."


def signed_in(open_desk: Open, name: str, width: int) -> DeskPages:
    desk = open_desk(width)
    desk.go("/sign-in")
    desk.sign_in(name)
    return desk


@pytest.mark.parametrize("width", [375, 1280])
def test_a_view_and_a_narrative_reach_the_report(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int
) -> None:
    freeze(rehearsal)
    tell(rehearsal)
    gita, gwen = signed_in(open_desk, "gita", width), signed_in(open_desk, "gwen", width)
    gita.go("/texts/")
    sound(gita.page)
    gita.follow("The guardians’ view")
    sound(gita.page)
    gita.choose("Which report it goes with", "January to March 2026")
    gita.write("Text", "Two of us cover thirty beds at night, says Dave.")
    gita.press("Propose this text")
    assert "Six words in a row stand in a flag" in gita.text
    sound(gita.page)
    gita.write("Text", WORDS)
    gita.press("Propose this text")
    gita.follow("Narrative on a theme")
    gita.choose("Which number it goes with", "January to March 2026: Staffing and workload")
    gita.write("Text", "Nights are hard to staff everywhere.")
    gita.press("Propose this text")
    sound(gita.page)
    for title in (
        "The guardians’ view: January to March 2026",
        "Narrative on a theme: Staffing and workload, January to March 2026",
    ):
        gwen.go("/texts/")
        gwen.follow(title)
        sound(gwen.page)
        gwen.press("I agree: release it")
        assert "You agreed. It is released." in gwen.text
    sound(gwen.page)
    lena = signed_in(open_desk, "lena", width)
    lena.go("/report/2026-Q1")
    assert WORDS in lena.text and "Nights are hard to staff everywhere." in lena.text
    sound(lena.page)
    lena.go("/report/words")
    sound(lena.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_a_learning_point_is_declined_written_anew_and_read_by_all(
    open_desk: Open, rehearsal: Instance, sound: Sound, both_doors: str, width: int
) -> None:
    told = tell(rehearsal, "The call bells are not answered for an hour, " + "ß" * 300)
    gita, gwen = signed_in(open_desk, "gita", width), signed_in(open_desk, "gwen", width)
    gita.go(told.path)
    gita.choose("Main theme", "Staffing and skill mix")
    gita.choose("Status", "Assessing")
    gita.press("Save")
    gita.go("/texts/write/learning")
    sound(gita.page)
    gita.choose("Theme", "Staffing and skill mix")
    gita.press("Go on")
    gita.press("Propose this text")
    assert "There is a problem" in gita.text
    sound(gita.page)
    gita.page.locator("input[name=flags]").first.check()
    gita.write("Text", WORDS)
    gita.page.get_by_label("Many people, or anybody who looks").check()
    gita.page.get_by_label("No. It could have come from many people").check()
    gita.press("Propose this text")
    gwen.go("/texts/")
    gwen.page.locator("main a").first.click()
    gwen.press("Decline it")
    assert "Say why you decline" in gwen.text
    sound(gwen.page)
    gwen.write("Why you decline", "Say what we do about it, please.")
    gwen.press("Decline it")
    gita.page.reload()
    gita.page.locator("main a").first.click()
    sound(gita.page)
    gita.follow("Write it anew")
    gita.page.get_by_label("Many people, or anybody who looks").check()
    gita.page.get_by_label("No. It could have come from many people").check()
    gita.press("Propose this text")
    gwen.go("/texts/")
    gwen.page.locator("main a").first.click()
    gwen.press("I agree: release it")
    assert "Staff read it from 1 December 2026 on" in gwen.text
    rehearsal.clock.now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    gwen.page.goto(f"{both_doors}/answers")
    assert WORDS in gwen.text and "At least one person raised this" in gwen.text
    sound(gwen.page)
