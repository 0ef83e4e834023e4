"""In a browser: Ada settles each part of set-up, and the form that staff see follows what she left out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from concerns.areas.queries import area_facts, organisation
from concerns.areas.questions import OPTIONAL, Questions
from concerns.sealing.envelope import Kind
from tests.browser.pages.desk import DeskPages
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.charter.test_amending import amend
from tests.flagging.conftest import thread_of
from tests.flagging.devices import opened_by

pytestmark = pytest.mark.browser

PARTS = (
    "organisation",
    "areas",
    "reading",
    "signposts",
    "signposts/one",
    "instead",
    "access",
    "look",
    "languages",
    "form",
)
SAVE, LOOK = "Save and go back to set-up", "Look at what would change"
PUT_UP = "Put it up for signing"


@pytest.fixture
def setting_up(rehearsal: Instance) -> Instance:
    with rehearsal.stores.write_main() as main:
        organisation(main).stage = "setting-up"
    return rehearsal


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_is_sound(open_desk: Callable[..., DeskPages], sound: Callable[[Page], None], width: int) -> None:
    ada = open_desk(width, False)
    ada.go("/set-up")
    ada.sign_in("ada")
    for part in (*PARTS, "rules"):
        ada.go(f"/set-up/{part}")
        sound(ada.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_the_rules_are_sound_while_they_can_be_settled(
    open_desk: Callable[..., DeskPages], setting_up: Instance, sound: Callable[[Page], None], width: int
) -> None:
    ada = open_desk(width, False)
    ada.go("/set-up/rules")
    ada.sign_in("ada")
    sound(ada.page)
    ada.write("Months from a flag’s conclusion to its deletion", "99")
    ada.press(SAVE)
    assert "write a whole number from 1 to 60" in ada.text
    sound(ada.page)
    ada.write("Months from a flag’s conclusion to its deletion", "6")
    ada.press(SAVE)
    ada.page.wait_for_url("**/set-up")
    with setting_up.stores.read_main() as main:
        assert organisation(main).rules_wanted["retention_months"] == 6


@pytest.mark.parametrize("width", [375, 1280])
def test_a_table_is_pasted_looked_at_merged_and_saved(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int
) -> None:
    ada = open_desk(width, False)
    ada.go("/set-up/areas")
    ada.sign_in("ada")
    table = ada.page.get_by_label("Areas", exact=True)
    before = table.input_value()
    table.fill("Surgery\tTheatres\tmany\nSurgery")
    ada.press(LOOK)
    assert "Line 1: “many” is not a whole number of staff." in ada.text
    sound(ada.page)
    table.fill(before.replace("Ward 2\t45\tward-2", "Cedar ward\t45\t") + "\nSurgery\tPlaster room\t9\t")
    ada.press(LOOK)
    ada.choose("Ward 2, Medicine", "It is called Cedar ward now")
    sound(ada.page)
    ada.press("Merge all small areas within their division")
    assert "Ward 2 is called Cedar ward." in ada.text
    assert "Surgery: other areas is new, in Surgery, with 21 staff." in ada.text
    sound(ada.page)
    ada.press(SAVE)
    ada.page.wait_for_url("**/set-up")
    with rehearsal.stores.read_main() as main:
        found = {area.name: area.codes for area in area_facts(main)}
    assert found["Cedar ward"] == ("ward-2",)
    assert found["Surgery: other areas"] == ("surgery-other-areas", "day-surgery")


@pytest.mark.parametrize("width", [375, 1280])
def test_a_colour_and_a_logo_are_on_both_doors(
    open_desk: Callable[..., DeskPages],
    rehearsal: Instance,
    sound: Callable[[Page], None],
    tmp_path: Path,
    width: int,
) -> None:
    file = tmp_path / "logo.png"
    Image.new("RGB", (600, 200), "white").save(file)
    ada = open_desk(width, True)
    ada.go("/set-up/look")
    ada.sign_in("ada")
    ada.write("Colour", "#ffdd00")
    ada.press("Show the contrast")
    assert "Black text on it" in ada.text
    sound(ada.page)
    ada.write("Colour", "#00703c")
    ada.page.get_by_label("Logo (optional)").set_input_files(file)
    ada.press(SAVE)
    ada.page.wait_for_url("**/set-up")
    for path in ("/desk/set-up", "/", "/cy/tell"):
        ada.page.goto(f"{ada.origin}{path}")
        logo = ada.page.locator(".concerns-header__logo")
        assert logo.evaluate("image => image.complete && image.naturalWidth") == 240
        box = logo.bounding_box()
        assert box is not None
        assert box["height"] <= 40
        sound(ada.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_the_form_is_previewed_in_both_languages_and_saved(
    open_desk: Callable[..., DeskPages], setting_up: Instance, sound: Callable[[Page], None], width: int
) -> None:
    ada = open_desk(width, True)
    ada.go("/set-up/form")
    ada.sign_in("ada")
    ada.page.get_by_label("What would help", exact=True).uncheck()
    ada.write("The first question, in English", "Who are you?")
    ada.press("Preview in English")
    assert "no question may ask who somebody is" in ada.text
    sound(ada.page)
    ada.write("The first question, in English", "What went wrong?")
    ada.press("Preview in English")
    assert ada.heading == "Preview of the report form"
    assert ada.page.get_by_label("What went wrong?").is_disabled()
    for field in ada.page.locator(".desk-preview").locator("input, textarea, select").all():
        assert field.is_disabled()
    sound(ada.page)
    ada.press("Preview in Welsh")
    assert "Beth ddigwyddodd, neu beth sy’n eich poeni?" in ada.text
    sound(ada.page)
    ada.press(SAVE)
    ada.page.wait_for_url("**/set-up")
    with setting_up.stores.read_main() as main:
        found = Questions.read(organisation(main).questions)
    assert found == Questions(frozenset({"help"}), {"en": {"text": "What went wrong?"}})


@pytest.mark.parametrize("width", [375, 1280])
def test_a_signed_form_is_drafted_anew_and_guardians_read_the_words(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int
) -> None:
    ada = open_desk(width, True)
    ada.go("/set-up/form")
    ada.sign_in("ada")
    ada.write("The first question, in English", "What went wrong?")
    ada.press("Preview in English")
    ada.press(PUT_UP)
    ada.page.wait_for_url("**/set-up/form")
    assert "This waits for two guardians" in ada.text
    sound(ada.page)
    for name in ("gita", "gwen"):
        reader = open_desk(width, True)
        reader.go("/keys")
        reader.sign_in(name)
        assert "What happened, or what worries you? What went wrong?" in " ".join(reader.text.split())
        sound(reader.page)
        reader.press("Sign these rules")
    reader.page.goto(f"{reader.origin}/tell")
    reader.page.get_by_text("What went wrong?").wait_for()
    assert rehearsal.charter.policies[-1].policy.questions.words == {"en": {"text": "What went wrong?"}}


def test_a_part_is_settled_by_keyboard_alone(open_desk: Callable[..., DeskPages], rehearsal: Instance) -> None:
    ada = open_desk(1280, True)
    ada.go("/set-up/reading")
    ada.sign_in("ada")
    keys = ada.page.keyboard

    def to(label: str) -> None:
        """Press Tab until this has the keyboard."""
        for _ in range(40):
            focused = ada.page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
            )
            if focused == label:
                return
            keys.press("Tab")
        pytest.fail(f"the keyboard never reaches {label}")

    ada.page.get_by_role("heading", name="Reading days").wait_for()
    to("Monday")
    keys.press("Space")
    to("Friday")
    keys.press("Space")
    to(SAVE)
    keys.press("Enter")
    ada.page.wait_for_url("**/set-up")
    with rehearsal.stores.read_main() as main:
        assert organisation(main).reading_days == ["thursday", "friday"]


@pytest.mark.parametrize("left_out", [("cause", "photos"), tuple(OPTIONAL)], ids=["some", "all"])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_device_asks_and_seals_only_what_is_asked(
    open_page: Callable[..., Page],
    report_door: str,
    rehearsal: Instance,
    sound: Callable[[Page], None],
    left_out: tuple[str, ...],
    width: int,
) -> None:
    amend(rehearsal, questions=Questions(frozenset(left_out)))
    door = ReportDoor(open_page(width, True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", "Two of us cover thirty beds at night.")
    steps = 1
    sound(door.page)
    while door.page.locator("#check:visible").count() == 0:
        if door.page.locator("input[name=worry]:visible").count():
            door.choose("worry", "very")
        door.press("check")
        steps += 1
    assert steps == (4 if len(left_out) == len(OPTIONAL) else 7)
    sound(door.page)
    door.press("send")
    words = " ".join(door.words)
    thread = thread_of(rehearsal, words)
    told = opened_by(rehearsal, thread.thread_id)
    assert (thread.flag["cause"], thread.flag["factors"]) == ("", [])
    assert thread.flag["area"] == "not-said"
    assert thread.flag["worry"] == ("" if "worry" in left_out else "very")
    assert told[Kind.CONTACT] == [{"wish": "", "how": ""}]
    assert Kind.FILE not in told
    door.go("/return")
    door.ready()
    door.come_back(words)
    door.page.get_by_text("Two of us cover thirty beds at night.").wait_for()
    assert "Add a photo" not in door.text
    sound(door.page)
