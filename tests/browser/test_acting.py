"""Acting on a flag in the browser: the gate, a brief that two guardians agree to and its link, and the original."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]
BRIEF = "Nights are thinly staffed, and people wait too long for help. Please look at how shifts are planned."
STEPS = ("gate", "just-culture", "refer", "escalate", "hand-over", "not-ours")


def guardian(open_desk: Open, name: str, width: int = 1280, *, script: bool = False) -> DeskPages:
    desk = open_desk(width, script)
    desk.go("/sign-in")
    desk.sign_in(name)
    return desk


def pick(desk: DeskPages, question: str, answer: str) -> None:
    desk.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def ask_gate(desk: DeskPages, path: str) -> None:
    desk.go(f"{path}/gate")
    pick(desk, "How many people could know what this says?", "Most of a team")
    pick(desk, "Would acting on this show who spoke?", "Not if it is put in general words")
    pick(desk, "On what ground may you act?", "Someone may be seriously harmed")
    desk.write("Why", "Everybody on nights says it.")
    desk.press("Save the answer")


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_a_brief_goes_from_one_guardian_to_another_and_to_its_owner(
    open_desk: Open, rehearsal: Instance, sound: Sound, script: bool
) -> None:
    told = tell(rehearsal)
    gita = guardian(open_desk, "gita", script=script)
    gita.go(told.path)
    gita.choose("Main theme", "None of these fits")
    gita.choose("Status", "Assessing")
    gita.press("Save")
    ask_gate(gita, told.path)
    assert "Someone may be seriously harmed" in gita.text
    gita.go(f"{told.path}/refer")
    gita.write("Who is to act", "Head of nursing")
    pick(gita, "Is it about what one person did?", "No: it is about how things are done")
    gita.write("Brief in general words", "Two of us cover thirty beds at night. Ask Dave.")
    gita.press("Propose this brief")
    assert "Six words in a row stand in a flag" in gita.text
    sound(gita.page)
    gita.write("Brief in general words", BRIEF)
    gita.press("Propose this brief")
    assert "It waits for another guardian" in gita.text
    gwen = guardian(open_desk, "gwen", 375, script=script)
    gwen.go(f"{told.path}/refer")
    sound(gwen.page)
    gwen.press("I agree: nobody could say who wrote this")
    sound(gwen.page)
    gwen.press("Make a link")
    sound(gwen.page)
    address = gwen.page.locator(".desk-link").inner_text()
    owner = open_desk(375)
    owner.go(address[address.index("/briefs/") :])
    assert BRIEF in owner.text
    assert owner.page.context.cookies() == []
    sound(owner.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_every_step_is_sound_when_it_is_empty_wrong_and_waiting(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int
) -> None:
    told = tell(rehearsal, "Dave shouts at us, and I was the only one on shift.\n" + "ß" * 400, consent="ask")
    gita = guardian(open_desk, "gita", width)
    for step in STEPS:
        gita.go(f"{told.path}/{step}")
        sound(gita.page)
        gita.page.locator("form[novalidate] button").last.click()
        assert "There is a problem" in gita.text
        sound(gita.page)
    gita.go(told.path)
    assert "ask before you act" in gita.text
    sound(gita.page)


def test_the_original_is_a_download(open_desk: Open, rehearsal: Instance, sound: Sound) -> None:
    told = tell(rehearsal)
    gita = guardian(open_desk, "gita")
    ask_gate(gita, told.path)
    gita.go(f"{told.path}/hand-over")
    pick(gita, "Who gets it", "Police")
    gita.write("Name", "Sergeant Bell")
    pick(gita, "On what ground", "Someone may be seriously harmed")
    pick(gita, "Is it about what one person did?", "No: it is about how things are done")
    gita.write("Reason", "A child may be in danger tonight.")
    gita.press("Propose to hand it over")
    gwen = guardian(open_desk, "gwen", 375)
    gwen.go(f"{told.path}/hand-over")
    sound(gwen.page)
    gwen.press("I agree: hand it over and tell the reporter")
    sound(gwen.page)
    with gwen.page.expect_download() as download:
        gwen.press("Take copy 1 (PDF)")
    assert download.value.suggested_filename == "copy-1.pdf"
