"""Rosa's journey in a browser: in every language, on a phone and on a desk, with and without scripts, by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.flagging.conftest import answer, thread_of

pytestmark = pytest.mark.browser

TEXT = "Two of us cover thirty beds at night.\nThe call bells are not answered for an hour."
QUIET_PAGES = ("/", "/answers", "/promise", "/help", "/privacy", "/accessibility")

Open = Callable[..., Page]
Sound = Callable[[Page], None]


def fill_in_step_by_step(door: ReportDoor, sound: Sound) -> None:
    """Everything that can be answered, one part after the other, as far as the check."""
    door.ready()
    sound(door.page)
    door.press("check")
    expect(door.page.locator("#text-error")).to_be_visible()
    expect(door.page.locator("#text")).to_be_focused()
    sound(door.page)
    door.choose("danger", "yes")
    expect(door.page.locator(".concerns-ring-now")).to_be_visible()
    door.write("text", TEXT)
    door.press("check")
    door.choose("kind", "risk")
    door.tick("staffing")
    door.write("help", "A third nurse.")
    sound(door.page)
    door.press("check")
    door.select("area", "ward-1")
    sound(door.page)
    door.press("check")
    door.choose("worry", "very")
    sound(door.page)
    door.press("check")
    door.choose("consent", "ask")
    sound(door.page)
    door.press("check")
    door.choose("why", "colleagues")
    door.open("#how")
    door.choose("wish", "reach")
    door.press("check")
    expect(door.page.locator("#how-error")).to_be_visible()
    door.write("how", "A note in the blue box.")
    sound(door.page)
    door.press("check")


def fill_in_one_form(door: ReportDoor, sound: Sound) -> None:
    """The same in one long form, without script."""
    sound(door.page)
    door.press("check")
    expect(door.page.locator(".govuk-error-summary:visible")).to_be_visible()
    sound(door.page)
    door.choose("danger", "yes")
    door.write("text", TEXT)
    door.choose("kind", "risk")
    door.tick("staffing")
    door.write("help", "A third nurse.")
    door.select("area", "ward-1")
    door.choose("worry", "very")
    door.choose("consent", "ask")
    door.choose("why", "colleagues")
    door.open("#how")
    door.choose("wish", "reach")
    door.write("how", "A note in the blue box.")
    door.press("check")


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_rosa_tells_comes_back_answers_and_takes_it_back(
    spoken_door: str, rehearsal: Instance, open_page: Open, sound: Sound, script: bool
) -> None:
    door = ReportDoor(open_page(375, script), spoken_door, rehearsal)
    door.go("/")
    sound(door.page)
    door.go("/tell")
    (fill_in_step_by_step if script else fill_in_one_form)(door, sound)
    for said in ("call bells", "A third nurse.", "Ward 1", "A note in the blue box."):
        assert said in door.text
    sound(door.page)
    door.press("change" if not script else "back")
    door.page.locator("button[value=check]:visible").wait_for()
    assert door.page.locator("#text").input_value() == TEXT
    door.press("check")
    door.press("send")
    words = " ".join(door.words)
    assert len(words.split()) == 9
    assert door.page.url == f"{spoken_door}/tell"
    sound(door.page)
    flag = thread_of(rehearsal, words).flag
    assert (flag["text"], flag["factors"], flag["area"], flag["mode"]) == (TEXT, ["staffing"], "ward-1", "confidential")

    comes_back(door, rehearsal, words, sound, script)
    says_more(door, rehearsal, words, sound, script)
    takes_it_back(door, words, sound, script)


def comes_back(door: ReportDoor, rehearsal: Instance, words: str, sound: Sound, script: bool) -> None:
    answer(rehearsal, words, Work(Step("needs more"), reply="Thank you. Is it every night?"))
    door.go("/return")
    if script:
        door.ready()
    sound(door.page)
    door.come_back(words.replace(words.split(maxsplit=1)[0], "xylophonist"))
    expect(door.page.locator("#receipt-error")).to_contain_text("“xylophonist”")
    sound(door.page)
    door.come_back(" ".join([*words.split()[1:], words.split(maxsplit=1)[0]]))
    # the words of before are taken off at once, and the answer to these comes later: until then no press is taken
    expect(door.page.locator("#receipt-error")).to_be_visible()
    expect(door.page.locator("#receipt-error")).not_to_contain_text("xylophonist")
    sound(door.page)
    door.come_back(words.upper())
    expect(door.page.locator("main")).to_contain_text("Is it every night?")
    sound(door.page)


def says_more(door: ReportDoor, rehearsal: Instance, words: str, sound: Sound, script: bool) -> None:
    door.write("text", "Only when Ward 2 is short too.")
    door.press("add")
    expect(door.page.locator(".concerns-sent:visible")).to_be_visible()
    expect(door.page.locator("main")).to_contain_text("Only when Ward 2 is short too.")
    door.open("#detriment-text")
    sound(door.page)
    door.write("detriment-text", "My shifts were changed.")
    door.press("detriment")
    expect(door.page.locator(".concerns-said", has_text="My shifts were changed.")).to_be_visible()
    answer(rehearsal, words, Work(Step("concluded", "acted"), reply="A third nurse comes from Monday."))
    door.go("/return")
    if script:
        door.ready()
    door.come_back(words)
    door.page.locator("input[name=again]").first.wait_for()
    door.choose("feedback", "yes")
    door.choose("again", "unsure")
    door.press("closing")
    expect(door.page.locator("input[name=again]:visible")).to_have_count(0)
    door.open(".concerns-proof__facts")
    expect(door.page.locator(".concerns-proof__facts")).to_contain_text("Gita")
    assert door.page.url.startswith(f"{door.origin}/return")
    sound(door.page)


def takes_it_back(door: ReportDoor, words: str, sound: Sound, script: bool) -> None:
    door.page.locator("details#take-back summary").click()
    door.press("take-back", "details#take-back form" if script else "details#take-back")
    sound(door.page)
    door.press("take-back" if script else "really-take-back", "[data-really]" if script else "main")
    door.page.locator("#thread").wait_for(state="detached")
    expect(door.page.locator("h1")).to_be_visible()
    sound(door.page)
    door.go("/return")
    if script:
        door.ready()
    door.come_back(words)
    expect(door.page.locator("#receipt-error")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_steps_are_sound_on_other_widths(
    spoken_door: str, rehearsal: Instance, open_page: Open, sound: Sound, width: int
) -> None:
    """320 CSS pixels is also what 400 % zoom leaves of a desk's screen, with 256 of height."""
    door = ReportDoor(open_page(width, script=True, height=256 if width == 320 else 900), spoken_door, rehearsal)
    door.go("/tell")
    fill_in_step_by_step(door, sound)
    sound(door.page)
    door.press("send")
    assert len(door.words) == 9
    sound(door.page)


def test_the_shortest_way_is_one_field_and_two_presses(report_door: str, rehearsal: Instance, open_page: Open) -> None:
    door = ReportDoor(open_page(375, script=True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", "It is not safe.")
    door.page.get_by_role("button", name="Send now, skip the rest").click()
    door.page.get_by_role("button", name="Send", exact=True).click()
    assert thread_of(rehearsal, " ".join(door.words)).flag["text"] == "It is not safe."


def test_back_and_forward_work_and_nothing_is_kept_on_the_device(
    spoken_door: str, rehearsal: Instance, open_page: Open
) -> None:
    door = ReportDoor(open_page(375, script=True), spoken_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", TEXT)
    for _part in range(3):
        door.press("check")
    expect(door.page).to_have_url(re.compile("/tell#4$"))
    door.page.go_back()
    expect(door.page.locator("#area")).to_be_visible()
    door.page.go_back()
    door.page.go_back()
    assert door.page.locator("#text").input_value() == TEXT
    door.page.go_forward()
    expect(door.page.locator("#help")).to_be_visible()
    kept = door.page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length,
        (await indexedDB.databases()).length, document.cookie.length, JSON.stringify(history.state)]"""
    )
    assert kept == [0, 0, 0, 0, 0, '{"place":1}']
    door.page.reload()
    door.ready()
    assert door.page.locator("#text").input_value() == ""


def test_after_sending_the_back_button_shows_nothing_that_was_written(
    spoken_door: str, rehearsal: Instance, open_page: Open
) -> None:
    door = ReportDoor(open_page(375, script=True), spoken_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", TEXT)
    door.press("check")
    door.press("check", "p")  # skip the rest
    door.press("send")
    assert len(door.words) == 9
    for _page in range(3):
        door.page.go_back()
        assert "call bells" not in door.page.content()


def test_several_readers_less_one(three_readers: Instance, open_page: Open, sound: Sound, three_door: str) -> None:
    door = ReportDoor(open_page(375, script=True), three_door, three_readers)
    door.go("/tell")
    door.ready()
    door.write("text", TEXT)
    for _part in range(5):
        door.press("check")
    gus = three_readers.guardian("gus")
    door.page.get_by_label("Gus", exact=True).check()
    door.press("check")
    assert "Gita and Gwen All of the above." in door.text
    assert "Who may not read it Gus" in door.text
    sound(door.page)
    door.press("send")
    words = " ".join(door.words)
    assert thread_of(three_readers, words, "gwen").flag["text"] == TEXT
    with pytest.raises(AssertionError):
        thread_of(three_readers, words, "gus")
    assert gus.key.kid in thread_of(three_readers, words).rows[0].wraps


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_the_quiet_pages_are_sound(report_door: str, open_page: Open, sound: Sound, width: int, script: bool) -> None:
    door = ReportDoor(open_page(width, script), report_door)
    for path in QUIET_PAGES:
        door.go(path)
        sound(door.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_the_quiet_pages_are_sound_in_every_language(
    spoken_door: str, open_page: Open, sound: Sound, width: int
) -> None:
    door = ReportDoor(open_page(width, script=False), spoken_door)
    for path in (*QUIET_PAGES, "/tell", "/return"):
        door.go(path)
        sound(door.page)
    door.go("/help")
    english = door.page.get_by_text("Samaritans").locator("xpath=ancestor-or-self::*[@lang][1]")
    assert english.get_attribute("lang") == "en"


def test_the_closed_door_is_sound(report_door: str, rehearsal: Instance, open_page: Open, sound: Sound) -> None:
    (rehearsal.directory / "manifest.pin").unlink()
    door = ReportDoor(open_page(), report_door)
    door.page.goto(f"{report_door}/tell")
    assert door.heading == "This service is not open yet"
    sound(door.page)


def test_the_whole_way_by_keyboard_alone(spoken_door: str, rehearsal: Instance, open_page: Open) -> None:
    door = ReportDoor(open_page(1280, script=True), spoken_door, rehearsal)
    keys = door.page.keyboard
    door.go("/tell")
    door.ready()
    tab_to(door, "danger", "ArrowDown")  # to “No”, the second of the group
    expect(door.page.locator("#danger-2")).to_be_checked()
    keys.press("Tab")
    expect(door.page.locator("#text")).to_be_focused()
    keys.type("It is not safe.")
    for _part in range(6):
        # the heading has the focus after each step: what is read next is what comes next
        tab_to(door, "value:check", "Enter")
        expect(door.page.locator("h1")).to_be_focused()
    tab_to(door, "data:send", "Enter")
    assert len(door.words) == 9
    expect(door.page.locator("h1")).to_be_focused()


def tab_to(door: ReportDoor, wanted: str, then: str) -> None:
    """Press Tab until the wanted element has the focus, then a key on it."""
    script = """() => { const one = document.activeElement;
        return [one.id, `value:${one.value}`, 'send' in one.dataset ? 'data:send' : ''] }"""
    for _stop in range(60):
        door.page.keyboard.press("Tab")
        if wanted in door.page.evaluate(script):
            door.page.keyboard.press(then)
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_the_whole_way_by_keyboard_without_script(spoken_door: str, rehearsal: Instance, open_page: Open) -> None:
    door = ReportDoor(open_page(1280), spoken_door, rehearsal)
    keys = door.page.keyboard
    door.go("/tell")
    door.page.locator("#danger-2").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.type("It is not safe.")
    door.page.locator("button[value=check]").focus()
    with door.page.expect_navigation():
        keys.press("Enter")
    door.page.locator("button[value=send]").wait_for()
    assert "It is not safe." in door.text
    door.page.locator("button[value=send]").focus()
    with door.page.expect_navigation():
        keys.press("Enter")
    assert len(door.words) == 9


def test_in_forced_colours_every_step_can_be_seen(browser: Browser, report_door: str, rehearsal: Instance) -> None:
    """Borders and marks, not colours alone, tell what is a field, what is chosen and what was found."""
    context = browser.new_context(viewport={"width": 375, "height": 800}, forced_colors="active")
    door = ReportDoor(context.new_page(), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", "Dave Smith told me on Tuesday night.")
    mark = door.page.locator(".concerns-mirror mark").first
    mark.wait_for(state="attached")
    assert "underline" in mark.evaluate("one => getComputedStyle(one).textDecorationLine")
    for selector in ("#text", "button[value=check]", ".concerns-danger"):
        style = door.page.locator(selector).first.evaluate(
            "one => { const s = getComputedStyle(one); return [s.borderInlineStartStyle, s.borderInlineStartWidth] }"
        )
        assert style[0] == "solid" and style[1] != "0px", selector
    context.close()


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_a_way_out_stands_on_every_page(report_door: str, open_page: Open, script: bool) -> None:
    door = ReportDoor(open_page(375, script), report_door)
    for path in ("/", "/tell", "/return"):
        door.go(path)
        way_out = door.page.locator("a[data-exit]").last
        assert way_out.is_visible()
        assert "report" not in (way_out.get_attribute("href") or "")
