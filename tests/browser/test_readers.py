"""Who reads changes, in a browser: a newcomer is signed for, flags go over, a guardian steps back; devices follow the chain."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from concerns.charter.model import CharterPage
from concerns.flagging.wording import UNPROVEN
from concerns.people import changes
from concerns.sealing.envelope import Kind
from concerns.sealing.receipt import words_of
from concerns.triage import reading, service
from concerns.triage.bundles import Work
from concerns.triage.index import seeing
from concerns.triage.rules import Step
from tests.browser.pages.desk import DeskPages
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.joining import change, join, visitor, with_keys
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]

TEXT = "Two of us cover thirty beds at night."


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, False)])
def test_a_newcomer_is_signed_for_and_handed_flags(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    about, told = tell(rehearsal, "Gus shouts at night."), tell(rehearsal, TEXT)
    with_keys(rehearsal, "gus", stand_in=True)
    gita, gwen = open_desk(width, script), open_desk(width, script)
    gita.go("/keys")
    gita.sign_in("gita")
    sound(gita.page)
    gita.press("Propose Gus")
    sound(gita.page)
    gwen.go("/keys")
    gwen.sign_in("gwen")
    gwen.press("Sign this change")
    sound(gwen.page)
    gwen.follow("Hand flags from before to Gus")
    assert TEXT in gwen.text
    sound(gwen.page)
    gwen.page.get_by_label("Gus shouts at night.", exact=True).check()
    gwen.press("Hand over this page")
    assert "nothing more that you can hand to Gus" in gwen.text
    sound(gwen.page)
    assert about.opened().exclusions == {rehearsal.secrets["gus"][0]}
    assert not told.opened().exclusions


@pytest.mark.parametrize(("width", "script"), [(1280, False), (375, True)])
def test_a_guardian_steps_back(open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool) -> None:
    told, alone = tell(rehearsal, TEXT), tell(rehearsal, "Only for Gita", exclude=["gwen"])
    gita = open_desk(width, script)
    gita.go(f"{told.path}/conflict")
    gita.sign_in("gita")
    assert gita.heading == "Step back from this flag"
    sound(gita.page)
    gita.write("Why? You need not say", "A neighbour.")
    gita.press("Step back for good")
    assert "The flag has left your list" in gita.text
    gita.go(f"{alone.path}/conflict")
    assert "nobody else is known to read this flag" in gita.text
    sound(gita.page)


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, False)])
def test_recovery_shares_are_made_and_tried(
    open_desk: Open, rehearsal: Instance, sound: Sound, width: int, script: bool
) -> None:
    gita = open_desk(width, script)
    gita.go("/keys/shares")
    gita.sign_in("gita")
    sound(gita.page)
    gita.press("Make three shares")
    assert "There is a problem" in gita.text
    sound(gita.page)
    for label, name in (("First", "Odd"), ("Second", "Ash"), ("Third", "Mo")):
        gita.write(f"{label} custodian", name)
    gita.press("Make three shares")
    sound(gita.page)
    shares = [" ".join(one.locator("li").all_inner_texts()) for one in gita.page.locator("ol").all()]
    gita.go("/keys/shares/try")
    sound(gita.page)
    gita.write("One share", shares[2])
    gita.write("Another share", shares[0])
    gita.press("Try them")
    assert "two of them would have worked" in gita.text
    sound(gita.page)
    ada = open_desk(width, script)
    ada.go("/set-up")
    ada.sign_in("ada")
    ada.follow("Add a guardian")
    sound(ada.page)
    ada.go("/set-up")
    ada.page.get_by_role("button", name=re.compile("Lost passphrase")).click()
    path = ada.page.locator(".desk-link").inner_text().partition("/desk")[2]
    gita.go(path)
    assert gita.heading == "Come back, Gita"
    sound(gita.page)


def test_a_device_seals_to_a_newcomer_and_not_to_one_whom_a_single_guardian_signed(
    report_door: str, rehearsal: Instance, open_page: Callable[..., Page]
) -> None:
    code = rehearsal.charter.check_code
    join(rehearsal, stand_in=True)
    door = ReportDoor(open_page(script=True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    assert door.page.locator("[data-check-code]").first.inner_text() == code
    answer = door.page.evaluate("async () => (await fetch('/device/keys')).json()")
    assert len(answer["manifests"]) == 2

    # a server that is being attacked leaves one signature out: the device refuses the whole
    answer["manifests"][1]["signatures"].popitem()
    door.page.route("**/device/keys", lambda route: route.fulfill(json=answer))
    door.go("/tell")
    expect(door.page.locator("main")).to_contain_text("are not all signed")
    assert not door.page.locator("html.concerns-sealing").count()
    with rehearsal.stores.read_main() as main:
        assert len(main.get_one(CharterPage, ("manifest", 2)).signatures) == 2


def test_s9_a_device_shows_what_a_former_guardian_signed_as_hers_and_nothing_after(
    report_door: str, rehearsal: Instance, open_page: Callable[..., Page]
) -> None:
    join(rehearsal)
    told, gus = tell(rehearsal, TEXT), visitor(rehearsal, "gus")
    desk = reading.open_desk(rehearsal.house)
    for reply in ("From Gus.", "From nobody."):
        flag = seeing.read_flag(rehearsal.house, desk, gus, told.thread_id)
        assert flag is not None
        if reply == "From nobody.":
            # what he had open he kept, and the database too: he writes on after he was removed
            change(rehearsal, changes.REMOVE, gus.person_id)
            rehearsal.clock.pass_(days=1)
        service.record(rehearsal.house, desk, gus, flag, Work(Step("assessing"), reply=reply), reply.encode() * 2)
    assert len(told.opened().of_kind(Kind.REPLY)) == 2
    door = ReportDoor(open_page(script=True), report_door, rehearsal)
    door.go("/return")
    door.ready()
    door.come_back(" ".join(words_of(told.entropy)))
    expect(door.page.locator("main")).to_contain_text("From Gus.")
    assert door.text.count(str(UNPROVEN[False])) == 1
