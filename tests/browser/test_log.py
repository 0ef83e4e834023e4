"""The log in a browser: one's own entries, and everybody's once two people agree."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.audit import log
from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]

TEXT = "Two of us cover thirty beds at night, and the call bells are not answered for an hour."
WHY = "A flag was talked about in the canteen. We want to see who opened flags last week."


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_two_guardians_read_everybodys_entries(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    told = tell(rehearsal, TEXT)
    gita = open_desk(width, script)
    gita.go(told.path)
    gita.sign_in("gita")
    gita.follow("What you did")
    assert gita.heading == "What you did"
    assert "Opened a flag Two of us cover thirty beds at night" in gita.text
    sound(gita.page)
    gita.follow("What everybody did")
    gita.press("Ask")
    assert "Say why you want to read them" in gita.text
    sound(gita.page)
    gita.write("Why do you want to read them?", WHY)
    gita.press("Ask")
    assert "You have asked." in gita.page.locator("[role=alert]").inner_text()
    sound(gita.page)

    gwen = open_desk(width, script)
    gwen.go("/")
    gwen.sign_in("gwen")
    assert gwen.heading == "What you did"
    assert "Gita asks to read everybody’s entries." in gwen.text
    sound(gwen.page)
    gwen.follow("Read why, and agree if it is right")
    assert WHY in gwen.text
    sound(gwen.page)
    gwen.press("Agree to what Gita asks")
    assert "Opened a flag Two of us cover thirty beds at night" in gwen.text
    sound(gwen.page)
    gwen.page.get_by_role("link", name="Two of us cover thirty").click()
    assert gwen.heading == "Flag from the week of 16 November 2026"
    assert log.faults(rehearsal) == []


@pytest.mark.parametrize("width", [375, 1280])
def test_a_guardian_is_told_that_the_log_was_cut(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int
) -> None:
    log.sign_in(rehearsal, "gita")
    log.cut(rehearsal, 1)
    desk = open_desk(width)
    desk.go("/")
    desk.sign_in("gita")
    assert "This log is not the one that you signed on 22 November 2026." in desk.text
    sound(desk.page)
