"""Deleting what is due, and a legal hold, in a browser without scripts and on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.retaining.concluding import collected, concluded, frozen, stored


def test_a_guardian_deletes_what_is_due_and_holds_what_the_law_wants(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None]
) -> None:
    flags = [concluded(rehearsal) for _ in range(3)]
    stored(rehearsal, *flags)
    frozen(rehearsal)
    gita, gwen = open_desk(width=375), open_desk()
    for desk, name in ((gita, "gita"), (gwen, "gwen")):
        desk.go("/inbox")
        desk.sign_in(name)
    gita.follow("Due to be deleted")
    assert gita.heading == "Due to be deleted"
    sound(gita.page)
    gita.page.locator(".desk-flag a").first.click()
    gita.follow("Hold it because the law says so")
    gita.press("Propose to hold it")
    assert "Keep it until: enter a day" in gita.text
    sound(gita.page)
    gita.write("Keep it until", "2027-12-24")
    gita.write("Reason", "The inquiry asked for it.")
    gita.press("Propose to hold it")
    gwen.go("/waiting")
    gwen.page.locator("main li a").first.click()
    gwen.follow("Hold it because the law says so")
    sound(gwen.page)
    gwen.press("I agree: keep it and tell the reporter")
    assert "This flag must be kept until 24 December 2027." in gwen.text
    gwen.go("/due")
    gwen.press("Delete these 2 flags")
    assert gwen.heading == "Do you really want to delete 2 flags?"
    sound(gwen.page)
    gwen.press("Yes, delete them")
    assert "2 flags marked." in gwen.text
    collected(rehearsal)
    gwen.go("/due")
    assert "2 flags deleted. We have looked in both stores" in gwen.text
    sound(gwen.page)
