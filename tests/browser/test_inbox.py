"""Gita's list in a browser: what stands first, choosing, paging and searching, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.telling import collect_now, tell

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_gita_finds_what_cannot_wait_chooses_and_searches(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    for number in range(22):
        tell(rehearsal, f"Number {number} of those that can wait", collected=False)
    tell(rehearsal, "Somebody waved a knife in the kitchen", collected=False, area="theatres")
    tell(rehearsal, "\u202eturned <b>round</b> " + "W" * 400, collected=False, danger="yes", tier="code")
    collect_now(rehearsal)
    desk = open_desk(width, script)
    desk.go("/inbox")
    desk.sign_in("gita")
    assert desk.heading == "Inbox"
    assert desk.page.locator(".desk-week").all_inner_texts() == [
        "Someone may be in danger",
        "Read first",
        "Week of 16 November 2026",
    ]
    assert "Read first: knife" in desk.text
    sound(desk.page)
    desk.follow("Next")
    assert "Page 2 of 2" in desk.text
    sound(desk.page)

    desk.page.get_by_text("Show only some of them").click()
    desk.choose("Area", "Theatres")
    desk.page.get_by_label("Not read yet", exact=True).check()
    desk.press("Show these")
    expect(desk.page.locator(".desk-flag")).to_have_count(1)
    sound(desk.page)
    desk.follow("Concluded (0)")
    assert "None of your flags fits what you chose." in desk.text

    desk.go("/inbox")
    desk.press("Search")
    assert "Enter a word to search for" in desk.text
    sound(desk.page)
    desk.write("Search in what was told", "KNIFE kitchen")
    desk.press("Search")
    assert desk.heading == "Search" and "1 found." in desk.text
    assert "knife" not in desk.page.url.lower()
    sound(desk.page)
    desk.follow("Somebody waved a knife in the kitchen")
    desk.go("/inbox?unread=yes")
    assert "knife" not in desk.text
