"""Gita's and Ada's journeys in a browser: on a phone and on a desk, with and without scripts, and by keyboard alone."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page

from concerns.people import service
from concerns.people.access import COOKIE
from concerns.people.second_factor import code_at
from concerns.sealing.envelope import Kind
from concerns.sealing.text import to_text
from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.telling import collect_now, tell

pytestmark = pytest.mark.browser

TEXT = "Two of us cover thirty beds at night. The call bells are not answered for an hour."

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_gita_reads_sorts_and_answers_a_flag(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    told = tell(rehearsal, TEXT, danger="yes")
    desk = open_desk(width, script)
    desk.go("/inbox")
    assert desk.heading == "Sign in"
    sound(desk.page)
    desk.sign_in("gita")
    assert desk.heading == "Inbox"
    sound(desk.page)
    desk.follow(TEXT)
    assert desk.heading == "Flag from the week of 16 November 2026"
    assert TEXT in desk.text
    sound(desk.page)

    desk.choose("Main theme", "Staffing and skill mix")
    desk.choose("Consequence", "4: Major")
    desk.press("Save")
    assert "Choose both a consequence and a likelihood, or neither" in desk.text
    sound(desk.page)
    desk.choose("Likelihood", "4: Likely")
    desk.choose("Status", "Acknowledged")
    desk.write("Note for guardians", "Third one about nights.")
    desk.press("Fill in the reply")
    assert desk.page.get_by_label("Note for guardians", exact=True).input_value() == "Third one about nights."
    desk.press("Save")
    assert "Saved. The reporter sees your reply and the status." in desk.text
    assert "score 16, extreme" in desk.text
    sound(desk.page)
    (reply,) = told.opened().of_kind(Kind.REPLY)
    assert str(reply.payload["text"]).startswith("Thank you for telling us.")

    desk.go("/inbox?show=new")
    assert "Nothing new." in desk.text
    for path in ("/inbox?show=all", "/keys", "/me"):
        desk.go(path)
        sound(desk.page)
    desk.press("Sign out")
    assert desk.heading == "Sign in"
    assert not [cookie for cookie in desk.page.context.cookies() if cookie.get("name") == COOKIE]


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_gita_sees_a_photo_hears_of_detriment_and_reaches_the_reporter(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (1600, 1200), "#005eb8").save(drawn, "JPEG")
    told = tell(
        rehearsal,
        TEXT,
        cause="The rota was cut in May.",
        factors=["staffing", "rules"],
        help="A third nurse at night.",
        kind="near miss",
        why="employer",
        mode="anonymous",
        exclude=["gwen"],
        contact=("meet", "Ring 07700 900123 after six."),
    )
    photo = told.photo({"type": "image/jpeg", "data": to_text(drawn.getvalue())})
    told.detail("They took me off the rota.", about="detriment", agree="no")
    collect_now(rehearsal)
    desk = open_desk(width, script)
    desk.go("/inbox")
    desk.sign_in("gita")
    assert "Says they are being treated badly" in desk.text
    sound(desk.page)
    desk.follow(TEXT)
    image = desk.page.get_by_alt_text("Photo 1, sent by the reporter")
    image.scroll_into_view_if_needed()
    for _tenth in range(300):  # nothing of the page's own runs where there are no scripts
        if image.evaluate("element => element.naturalWidth") == 1600:
            break
        desk.page.wait_for_timeout(100)
    assert image.evaluate("element => element.naturalWidth") == 1600
    # with its space: five digits alone may stand in a random id of the page
    assert "07700 900123" not in desk.page.content()
    sound(desk.page)
    desk.write("Note for guardians", "Half a note.")
    desk.press("Open how to reach them")
    assert "They would like to meet. Ring 07700 900123 after six." in desk.text
    assert desk.page.get_by_label("Note for guardians", exact=True).input_value() == "Half a note."
    sound(desk.page)
    desk.press("Erase it")
    assert "It is erased." in desk.text
    sound(desk.page)
    address = f"{desk.origin}/desk{told.path}/photo/{photo.header.envelope_id.hex()}"
    assert image.locator("..").get_attribute("href") == address.removeprefix(desk.origin)


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_gita_enters_what_somebody_told_her(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    desk = open_desk(width, script)
    desk.go("/inbox")
    desk.sign_in("gita")
    desk.follow("Enter what somebody told you")
    sound(desk.page)
    desk.write("What happened, or what worries them?", TEXT)
    desk.press("Save")
    assert "Choose how it reached you" in desk.text
    assert desk.page.get_by_label("What happened, or what worries them?", exact=True).input_value() == TEXT
    sound(desk.page)
    for answer in (
        "On paper",
        "In confidence: I know the name and tell nobody",
        "Training or supervision",
        "Tell the people who can fix it",
    ):
        desk.page.get_by_label(answer, exact=True).check()
    desk.choose("Where it is", "Ward 1")
    desk.press("Save")
    assert desk.heading == "Nine words to hand over"
    assert desk.page.locator(".desk-slip__words li").count() == 9
    sound(desk.page)
    desk.follow("Back to the inbox")
    desk.press("Collect now")
    assert "On paper, entered by a guardian" in desk.text


@pytest.mark.parametrize("width", [375, 1280])
def test_ada_hands_out_a_link_and_the_newcomer_sets_up(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int
) -> None:
    with rehearsal.stores.write_main() as main:
        service.add_person(main, "Otis", "otis@example.org", ["leader"])
    ada = open_desk(width)
    ada.go("/")
    ada.sign_in("ada")
    assert ada.heading == "Set-up"
    sound(ada.page)
    ada.press("New one-time link for Otis")
    assert ada.heading == "A link for Otis"
    sound(ada.page)
    address = ada.page.locator(".desk-link").inner_text()

    otis = open_desk(width)
    otis.page.goto(address)
    assert otis.heading == "Welcome, Otis"
    sound(otis.page)
    secret = otis.page.locator(".desk-code").inner_text().replace(" ", "")
    for label in ("Passphrase", "The same passphrase again"):
        otis.write(label, "otters swim under the bridge")
    otis.write("Six-digit code", code_at(secret, rehearsal.clock()))
    otis.press("Set up my account")
    otis.go("/me")
    assert otis.heading == "Otis"
    sound(otis.page)


def test_a_session_that_ended_while_she_wrote_loses_nothing(open_desk: Open, rehearsal: Instance, sound: Sound) -> None:
    told = tell(rehearsal, TEXT)
    desk = open_desk(375)
    desk.go(told.path)
    desk.sign_in("gita")
    desk.write("Reply to the reporter", "Thank you. We are asking for a third nurse at night.")
    rehearsal.clock.pass_(minutes=20)
    desk.press("Save")
    assert desk.heading == "You were signed out"
    sound(desk.page)
    with desk.page.context.expect_page() as opened:
        desk.follow("Sign in again in a new tab")
    other = DeskPages(opened.value, desk.origin, rehearsal)
    other.sign_in("gita")
    other.page.locator("h1", has_text="Inbox").wait_for()
    desk.press("Send it again")
    assert "Saved." in desk.text
    assert len(told.opened().of_kind(Kind.REPLY)) == 1


def test_a_sign_out_in_another_tab_loses_nothing(open_desk: Open, rehearsal: Instance, sound: Sound) -> None:
    told = tell(rehearsal, TEXT)
    desk = open_desk(375)
    desk.go(told.path)
    desk.sign_in("gita")
    other = DeskPages(desk.page.context.new_page(), desk.origin, rehearsal)
    other.go("/me")
    desk.write("Reply to the reporter", "Thank you. We are asking for a third nurse at night.")
    other.press("Sign out")
    desk.press("Save")
    assert desk.heading == "You were signed out"
    assert "Thank you. We are asking for a third nurse at night." in desk.text
    sound(desk.page)
    other.sign_in("gita")
    other.page.locator("h1", has_text="Inbox").wait_for()
    desk.press("Send it again")
    assert "Saved." in desk.text
    assert len(told.opened().of_kind(Kind.REPLY)) == 1


def test_gita_by_keyboard_alone(open_desk: Open, rehearsal: Instance) -> None:
    told = tell(rehearsal, TEXT)
    desk = open_desk(1280)
    keys = desk.page.keyboard
    desk.go(told.path)
    rehearsal.clock.pass_(seconds=30)
    desk.page.get_by_label("E-mail address").focus()
    for typed in ("gita@example.org", rehearsal.passphrase("gita"), rehearsal.code()):
        keys.type(typed)
        keys.press("Tab")
    keys.press("Enter")
    desk.page.locator("h1", has_text="Flag from").wait_for()
    desk.page.get_by_label("Reply to the reporter").focus()
    keys.type("Thank you.")
    desk.page.get_by_role("button", name="Save", exact=True).focus()
    keys.press("Enter")
    desk.page.locator(".govuk-notification-banner").wait_for()
    assert [item.payload["text"] for item in told.opened().of_kind(Kind.REPLY)] == ["Thank you."]
