"""Rosa's journey in a browser: on a phone and on a desk, with and without scripts, and by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.flagging.conftest import answer

pytestmark = pytest.mark.browser

TEXT = "Two of us cover thirty beds at night.\nThe call bells are not answered for an hour."
QUIET_PAGES = ("/", "/answers", "/promise", "/help", "/privacy", "/accessibility")

Open = Callable[..., Page]
Sound = Callable[[Page], None]


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_rosa_tells_comes_back_and_adds(
    report_door: str, rehearsal: Instance, open_page: Open, sound: Sound, width: int, script: bool
) -> None:
    door = ReportDoor(open_page(width, script), report_door)
    door.go("/")
    sound(door.page)
    door.press("Raise a concern")
    assert door.heading == "Raise a concern"
    sound(door.page)

    door.press("Continue")
    assert "Write what happened, or what worries you" in door.text
    sound(door.page)

    door.tell(TEXT, "ward-1")
    assert door.heading == "Check what you are about to send"
    assert "call bells" in door.text
    sound(door.page)

    door.press("Change")
    assert door.page.get_by_label("What happened, or what worries you?").input_value() == TEXT
    door.press("Continue")
    door.press("Send")
    assert door.heading == "Sent. These are your nine words"
    sound(door.page)
    words = " ".join(door.words)
    assert len(words.split()) == 9
    assert door.page.url == f"{report_door}/tell"

    answer(rehearsal, words, Work(Step("needs more"), reply="Thank you. Is it every night?"))
    door.go("/return")
    sound(door.page)
    door.come_back("some words of mine")
    assert "We cannot find anything with these words" in door.text
    sound(door.page)
    door.come_back(words.upper())
    assert door.heading == "Your concern"
    assert "Is it every night?" in door.text
    sound(door.page)
    door.write("What do you want to add?", "Only when Ward 2 is short too.")
    door.press("Send")
    assert "What you added is sealed and with us" in door.text
    assert "Only when Ward 2 is short too." in door.text
    sound(door.page)
    assert door.page.url == f"{report_door}/return"


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_the_quiet_pages_are_sound(report_door: str, open_page: Open, sound: Sound, width: int, script: bool) -> None:
    door = ReportDoor(open_page(width, script), report_door)
    for path in QUIET_PAGES:
        door.go(path)
        sound(door.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_the_welsh_pages_are_sound(report_door: str, open_page: Open, sound: Sound, width: int) -> None:
    door = ReportDoor(open_page(width, script=False), report_door)
    for path in (*QUIET_PAGES, "/tell", "/return"):
        door.go(f"/cy{path}")
        assert door.page.locator("html").get_attribute("lang") == "cy"
        sound(door.page)
    door.go("/cy/help")
    assert (
        door.page.get_by_text("Samaritans").locator("xpath=ancestor-or-self::*[@lang][1]").get_attribute("lang") == "en"
    )


def test_the_closed_door_is_sound(report_door: str, rehearsal: Instance, open_page: Open, sound: Sound) -> None:
    (rehearsal.directory / "manifest.pin").unlink()
    door = ReportDoor(open_page(), report_door)
    door.page.goto(f"{report_door}/tell")
    assert door.heading == "This service is not open yet"
    sound(door.page)


def test_the_whole_way_by_keyboard_alone(report_door: str, open_page: Open) -> None:
    door = ReportDoor(open_page(1280), report_door)
    keys = door.page.keyboard
    door.go("/tell")
    door.page.get_by_label("No", exact=True).focus()
    keys.press("Space")
    keys.press("Tab")
    keys.type("It is not safe.")
    for _stop in ("where", "how worried", "what may we do", "continue"):
        keys.press("Tab")
    keys.press("Enter")
    door.page.get_by_role("heading", name="Check what you are about to send").wait_for()
    assert "It is not safe." in door.text
    door.page.get_by_role("button", name="Send").focus()
    keys.press("Enter")
    door.page.locator(".concerns-receipt__words").wait_for()
    assert len(door.words) == 9


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_a_way_out_stands_on_every_page(report_door: str, open_page: Open, script: bool) -> None:
    door = ReportDoor(open_page(375, script), report_door)
    for path in ("/", "/tell", "/return"):
        door.go(path)
        way_out = door.page.locator("a[data-exit]").last
        assert way_out.is_visible()
        assert "report" not in (way_out.get_attribute("href") or "")
