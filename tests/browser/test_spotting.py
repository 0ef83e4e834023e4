"""Details that may point to somebody are underlined while she writes, each with a wider wording; nothing is ever blocked."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.flagging.conftest import thread_of

pytestmark = pytest.mark.browser
TEXT = "Dave Smith told me on Tuesday night to ring 07700 900123."


@pytest.fixture
def door(report_door: str, rehearsal: Instance, open_page: Callable[..., Page]) -> ReportDoor:
    door = ReportDoor(open_page(375, script=True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    return door


def test_what_was_found_is_underlined_where_it_stands(door: ReportDoor, sound: Callable[[Page], None]) -> None:
    door.write("text", TEXT)
    marks = door.page.locator(".concerns-mirror mark")
    expect(marks).to_have_count(3)
    assert marks.all_inner_texts() == ["Dave Smith", "on Tuesday night", "07700 900123"]
    # the line stands below the very letters: the text behind is laid out as the field is
    field, mirror = door.page.locator("#text"), door.page.locator(".concerns-mirror").first
    script = """one => { const s = getComputedStyle(one);
        return [s.fontFamily, s.fontSize, s.lineHeight, s.paddingLeft, s.paddingTop, s.borderTopWidth, one.clientWidth] }"""
    assert field.evaluate(script) == mirror.evaluate(script)
    sound(door.page)


def test_one_tap_makes_it_wider_and_keep_and_take_out_do_what_they_say(door: ReportDoor, rehearsal: Instance) -> None:
    door.write("text", TEXT)
    found = door.page.locator("[data-found=text]")
    found.get_by_role("button", name=re.compile("^Change to “recently”")).click()
    assert door.page.locator("#text").input_value() == "Dave Smith told me recently to ring 07700 900123."
    found.get_by_role("button", name=re.compile("^Take out.*07700 900123$")).click()
    assert door.page.locator("#text").input_value() == "Dave Smith told me recently to ring."
    found.get_by_role("button", name=re.compile("^Keep.*Dave Smith$")).click()
    expect(found).to_be_hidden()
    expect(door.page.locator("#text")).to_be_focused()
    door.page.get_by_role("button", name="Send now, skip the rest").click()
    door.press("send")
    flag = thread_of(rehearsal, " ".join(door.words)).flag
    assert flag["text"] == "Dave Smith told me recently to ring."


def test_nothing_is_blocked_and_nothing_is_said_to_be_complete(door: ReportDoor, rehearsal: Instance) -> None:
    door.write("text", "It is not safe.")
    expect(door.page.locator("[data-found=text]")).to_be_hidden()
    door.page.get_by_role("button", name="Send now, skip the rest").click()
    assert "We did not spot any names or dates. Please read it once more yourself." in door.text
    door.page.go_back()
    door.write("text", TEXT)
    door.page.get_by_role("button", name="Send now, skip the rest").click()
    assert "We spotted details that may point to somebody." in door.text
    door.press("send")
    assert thread_of(rehearsal, " ".join(door.words)).flag["text"] == TEXT


def test_a_spotter_that_fails_stands_in_nobodys_way(
    report_door: str, rehearsal: Instance, open_page: Callable[..., Page]
) -> None:
    door = ReportDoor(open_page(375, script=True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.page.evaluate("() => { String.prototype.matchAll = () => { throw new Error('no') } }")
    door.write("text", "Dave is tired.")
    door.page.get_by_role("button", name="Send now, skip the rest").click()
    door.press("send")
    assert len(door.words) == 9
