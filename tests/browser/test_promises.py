"""Lena promises an answer and an action, Gita and Gwen release them, Priya asks, staff read; each page at both widths."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.learning.releasing import freeze

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_promised_is_released_asked_about_and_read(
    open_desk: Open, rehearsal: Instance, sound: Sound, both_doors: str, width: int
) -> None:
    freeze(rehearsal)
    desk = {name: open_desk(width) for name in ("lena", "gita", "gwen", "priya")}
    for name, pages in desk.items():
        pages.go("/sign-in")
        pages.sign_in(name)
    lena, gita, gwen, priya = desk.values()
    _promise(lena, sound)
    for _ in ("answer", "action"):
        gita.go("/texts/")
        sound(gita.page)
        gita.page.locator("main a[href*='/asked/']").first.click()
        sound(gita.page)
        gita.press("Propose this text")
        gwen.go("/texts/")
        gwen.page.locator("main ul a").first.click()
        gwen.press("I agree: release it")
    _ask(priya, lena, sound)
    rehearsal.clock.now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    for path in ("/answers", "/answers/2026-12", "/cy/answers/2026-12"):
        lena.page.goto(both_doors + path)
        assert "We plan shifts anew." in lena.text and "Shifts are planned well ahead." in lena.text
        sound(lena.page)
    assert lena.page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def _promise(lena: DeskPages, sound: Sound) -> None:
    """An answer, and an action, both handed to the guardians."""
    lena.go("/promises/")
    sound(lena.page)
    lena.follow("promise an answer to a theme")
    lena.choose("Theme", "Unsafe care or quality")
    lena.write("By when staff will read it", "2027-01-31")
    lena.press("Promise it")
    lena.write("What we know", "Nights are hard to staff.")
    lena.press("Hand it to the guardians")
    assert "Say what you do." in lena.text
    sound(lena.page)
    lena.write("What we do", "We plan shifts anew.")
    lena.press("Hand it to the guardians")
    sound(lena.page)
    lena.go("/promises/action")
    lena.press("Promise it")
    sound(lena.page)
    lena.choose("What it is about", "The whole organisation")
    lena.write("What we will do", "Shifts are planned well ahead.")
    lena.page.get_by_label("Structural", exact=False).check()
    lena.page.get_by_label("Medium", exact=False).check()
    lena.write("Who owns it", "Head of nursing")
    lena.write("When it is enough", "Every ward knows its shifts.")
    lena.write("By when", "2027-01-31")
    lena.write("When you look at it again", "2027-06-30")
    lena.press("Promise it")
    lena.follow("Move its dates")
    sound(lena.page)
    lena.go("/promises/")
    assert "more than half of the promised actions change structures" in lena.text
    sound(lena.page)
    lena.follow("Shifts are planned well ahead.")
    _look_again(lena, sound)
    lena.follow("Write these words")
    lena.press("Hand it to the guardians")


def _look_again(lena: DeskPages, sound: Sound) -> None:
    """Whether the action worked: it stands in the list, and before the next one; then back to its page."""
    lena.follow("Say whether it worked")
    lena.press("Save")
    sound(lena.page)
    lena.page.get_by_label("Too early to say").check()
    lena.write("How you know", "Nobody has tried it yet.")
    lena.write("When you look at it again", "2027-09-30")
    lena.press("Save")
    sound(lena.page)
    lena.go("/promises/")
    assert "To be looked at again on 30 September 2027" in lena.text
    sound(lena.page)
    lena.go("/promises/action")
    lena.page.get_by_text("The whole organisation: 1 action, 1 too early to say").click()
    assert "Nobody has tried it yet." in lena.text
    sound(lena.page)
    lena.go("/promises/")
    lena.follow("Shifts are planned well ahead.")


def _ask(priya: DeskPages, lena: DeskPages, sound: Sound) -> None:
    """Priya asks about the action, and Lena answers."""
    priya.go("/promises/")
    priya.follow("Shifts are planned well ahead.")
    sound(priya.page)
    priya.follow("Ask or note something")
    priya.page.get_by_label("Question").check()
    priya.write("Text", "What do wards do until then?")
    sound(priya.page)
    priya.press("Write it")
    assert "You may look until 22 February 2027." in priya.text
    sound(priya.page)
    lena.go("/peers/")
    lena.page.get_by_role("link", name="Answer what Priya wrote").click()
    sound(lena.page)
    lena.write("Answer", "They ask the bank nurses first.")
    lena.press("Answer")
    sound(lena.page)
