"""The page of one flag in a browser: letters, hostile text, two guardians at once, and sorting by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from concerns.sealing.envelope import Kind
from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.telling import collect_now, tell

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]

TEXT = "Two of us cover thirty beds at night. Sister Mary Doyle told me on 3 May. I was the only one on Ward 1."
HOSTILE = "\n".join(
    [
        "<script>document.title='taken'</script><img src=x onerror=alert(1)>",
        '=HYPERLINK("http://evil.example","x")',
        "\u202eesrever\u202c \u2067turned\u2069 \U0001f600",
        "هذا ليس آمنا. لا أحد يجيب.",
        "晚上只有两个人。",
        "\U0001f600" * 60,
        "x" * 900,
    ]
)


def signed_in(open_desk: Open, path: str, name: str = "gita", width: int = 1280, script: bool = False) -> DeskPages:
    desk = open_desk(width, script)
    desk.go(path)
    desk.sign_in(name)
    desk.page.locator("h1", has_text="Flag from").wait_for()
    return desk


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_gita_signposts_with_a_letter(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    told = tell(rehearsal, TEXT, danger="yes")
    desk = signed_in(open_desk, told.path, width=width, script=script)
    assert "Details that could identify somebody: 1 name, 1 date, 1 hint at who wrote it, 1 place." in desk.text
    assert desk.page.locator("mark").first.text_content() == "Sister Mary Doyle (name)"
    sound(desk.page)
    desk.page.get_by_label("Begin the reply with", exact=True).select_option(value="signpost 1")
    desk.press("Fill in the reply")
    assert desk.page.get_by_label("Status", exact=True).input_value() == "signposted"
    sound(desk.page)
    desk.press("Save")
    assert "Give the reason" in desk.text
    sound(desk.page)
    desk.write("Reason", "Pay is for the pay office.")
    desk.press("Save")
    assert "Saved. The reporter sees your reply and the status." in desk.text
    assert "signposted to:" in desk.text
    sound(desk.page)


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_hostile_text_is_read_as_text_and_stays_in_its_box(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    told = tell(rehearsal, HOSTILE, cause=HOSTILE, help=HOSTILE)
    told.detail(HOSTILE)
    collect_now(rehearsal)
    desk = signed_in(open_desk, told.path, width=width, script=script)
    desk.page.get_by_label("Note for guardians", exact=True).fill(HOSTILE)
    desk.press("Save")
    desk.page.locator(".desk-said--note").wait_for()
    assert desk.page.title().startswith("Flag from the week")
    assert "[U+202E]esrever[U+202C]" in desk.text
    column = desk.page.locator(".govuk-grid-column-one-half").first.bounding_box()
    for box in desk.page.locator(".desk-told, .desk-said .desk-text").all():
        found = box.bounding_box()
        assert found and column and found["x"] + found["width"] <= column["x"] + column["width"]
    sound(desk.page)


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_the_second_of_two_guardians_is_told_and_loses_nothing(
    open_desk: Open, rehearsal: Instance, sound: Sound, script: bool
) -> None:
    told = tell(rehearsal, TEXT)
    gita = signed_in(open_desk, told.path, script=script)
    gwen = signed_in(open_desk, told.path, "gwen", script=script)
    for desk, words in ((gita, "Thank you. A third nurse comes."), (gwen, "Thank you from me too.")):
        desk.write("Reply to the reporter", words)
        desk.press("Save")
    assert "It was not saved yet" in gwen.text
    assert "Thank you. A third nurse comes." in gwen.page.locator("#since").inner_text()
    assert gwen.page.get_by_label("Reply to the reporter", exact=True).input_value() == "Thank you from me too."
    sound(gwen.page)
    gwen.press("Save")
    assert "Saved." in gwen.text
    assert len(told.opened().of_kind(Kind.REPLY)) == 2


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_a_flag_is_sorted_and_answered_from_inbox_to_inbox_in_under_twenty_key_presses(
    open_desk: Open, rehearsal: Instance, script: bool
) -> None:
    told = tell(rehearsal, "Two of us cover thirty beds at night.")
    desk = open_desk(1280, script)
    desk.go("/inbox")
    desk.sign_in("gita")
    desk.page.locator("h1", has_text="Inbox").wait_for()
    desk.go("/inbox")
    pressed = 0

    def press(key: str, times: int = 1) -> None:
        nonlocal pressed
        for _time in range(times):
            desk.page.keyboard.press(key)
            pressed += 1

    def enter() -> None:
        # to another page: what is read and pressed next is that page, to its end
        with desk.page.expect_navigation():
            press("Enter")

    def focused() -> str:
        here = desk.page.locator(":focus")
        return here.get_attribute("name") or here.get_attribute("id") or here.inner_text()

    def skip_to(name: str) -> None:
        press("Tab", 2)  # past "Skip to main content"
        press("Enter")
        expect(desk.page.locator(".govuk-skip-link:focus")).to_have_count(0)  # the next Tab begins where this led to
        if not desk.page.locator(":focus").count() or focused() != name:
            press("Tab")  # where the browser only went there, the first Tab lands on it
        assert focused() == name

    skip_to("first-flag")
    enter()
    desk.page.locator("h1", has_text="Flag from").wait_for()
    skip_to("primary")
    desk.page.keyboard.type("Staffing")
    press("Tab", 2)  # past the other themes, the area and harm
    assert focused() == "consequence"
    desk.page.keyboard.type("4")
    press("Tab")
    desk.page.keyboard.type("4")
    press("Tab")
    assert focused() == "letter"  # the letter of thanks stands there already
    press("Tab")
    enter()
    desk.page.locator("[name=reply]:focus").wait_for()
    desk.page.keyboard.type("Good that you said so. ")
    press("Tab", 5)  # status, reason, signpost, note, save
    assert focused() == "next"
    enter()
    desk.page.locator(".govuk-notification-banner").wait_for()
    assert desk.heading == "Inbox" and "That was the last flag on this list" in desk.text
    assert pressed < 20, f"{pressed} presses"
    assert "Staffing and skill mix" in desk.text and "Acknowledged" in desk.text
    (status,) = told.opened().of_kind(Kind.STATUS)
    assert status.payload["status"] == "acknowledged"
    (reply,) = told.opened().of_kind(Kind.REPLY)
    assert "Good that you said so." in str(reply.payload["text"])


def test_the_next_flag_follows_without_the_inbox(open_desk: Open, rehearsal: Instance, sound: Sound) -> None:
    for number in range(3):
        tell(rehearsal, f"Number {number}", collected=False)
    collect_now(rehearsal)
    desk = open_desk(1280, False)
    desk.go("/inbox")
    desk.sign_in("gita")
    desk.page.locator(".desk-flag__words a").first.click()
    seen = set()
    for last in (False, False, True):
        seen.add(desk.page.url)
        desk.choose("Main theme", "Staffing and skill mix")
        desk.press("Save and open the next one")
        assert ("last flag on this list" if last else "This is the next flag") in desk.text
        sound(desk.page)
    assert len(seen) == 3 and desk.heading == "Inbox"
