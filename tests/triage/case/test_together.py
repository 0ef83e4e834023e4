"""Two guardians with one flag at once: the second is told, keeps what she typed, and overwrites nothing unseen."""

import threading
from collections.abc import Callable

import pytest

from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind
from concerns.sealing.signing import sign_public
from concerns.triage import service
from concerns.triage.bundles import Work
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import Desk as Charter
from concerns.triage.reading import Flag, open_desk
from concerns.triage.rules import Step
from concerns.triage.seen import newer, seen
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.telling import Told, collect_now, tell

TOLD_SO = "It was not saved yet"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def typed(page: Page) -> dict[str, str]:
    return {area.get("name"): (area.text or "").strip() for area in page.tree.iter("textarea")}


def since(page: Page) -> str:
    return next((words(one) for one in page.tree.iter("section") if one.get("id") == "since"), "")


def history(page: Page) -> list[str]:
    return [words(item) for item in page.with_class("desk-history__item")]


def test_the_second_is_told_and_a_second_press_saves_on_top(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gwen = gita.as_("gwen")
    hers, gwens = gita.client.get(told.path), gwen.client.get(told.path)
    first = {"primary": "N01", "status": "acknowledged", "reply": "Thank you.", "note": "Mine."}
    gita.client.submit(hers, first, button="Save")
    second = {"primary": "N02", "status": "assessing", "reply": "Thanks from me too.", "note": "And mine."}
    page = gwen.client.submit(gwens, second, button="Save", status=409)
    assert TOLD_SO in page.text
    for said in ("Acknowledged Gita", "Reply, Gita", "Thank you.", "Note for guardians, Gita", "Mine."):
        assert said in since(page)
    assert {**typed(page), "reason": ""} == {"reply": second["reply"], "note": second["note"], "reason": ""}
    assert 'value="N02" selected' in page.html
    assert len(told.rows()) == 5
    gwen.client.submit(page, button="Save")
    found = history(gita.client.get(told.path))
    assert [line.split(",")[0] for line in found] == ["Acknowledged Gita", "Assessing Gwen"]
    replies = {item.payload["text"] for item in told.opened().of_kind(Kind.REPLY)}
    assert replies == {"Thank you.", "Thanks from me too."}


def test_a_field_that_is_wrong_besides_is_said_on_the_same_page(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gwen = gita.as_("gwen")
    gwens = gwen.client.get(told.path)
    gita.client.submit(gita.client.get(told.path), {"status": "assessing"}, button="Save")
    page = gwen.client.submit(gwens, {"status": "acknowledged", "note": "Keep."}, button="Save", status=422)
    assert page.errors == ["Choose the status again: somebody changed it while you were reading"]
    assert "Assessing Gita" in since(page)
    gwen.client.submit(page, {"status": "assessing"}, button="Save")


def test_what_the_reporter_added_meanwhile_is_read_before_it_is_answered(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    told.detail("It was the other ward.")
    collect_now(instance)
    again = gita.client.submit(page, {"reply": "About this ward …"}, button="Save", status=409)
    assert "It was the other ward." in since(again)
    gita.client.submit(again, button="Save")


def test_her_own_second_page_and_a_double_tap_stop_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    one, other = gita.client.get(told.path), gita.client.get(told.path)
    for page in (one, one, other):
        gita.client.submit(page, {"note": "Mine."}, button="Save")
    assert len(told.rows()) == 9


def test_a_double_tap_after_somebody_else_saved_is_still_saved(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    gita.client.submit(page, {"note": "Mine."}, button="Save")
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(told.path), {"note": "And mine."}, button="Save")
    gita.client.submit(page, {"note": "Mine."}, button="Save")
    assert len(told.rows()) == 9


def test_the_letter_and_the_contact_leave_the_mark_as_it_was(gita: Desk, instance: Instance) -> None:
    """The other's words come into view with either press, marked as new; from then on she has seen them."""
    told = tell(instance, contact=("reach", "In the yard"))
    gwen = gita.as_("gwen")
    gwens = gwen.client.get(told.path)
    gita.client.submit(gita.client.get(told.path), {"note": "Mine."}, button="Save")
    page = gwen.client.submit(gwens, {"note": "Hers."}, button="Open how to reach them", status=200)
    assert "Mine." in since(page)
    assert not since(gwen.client.get(told.path))
    gwen.client.submit(page, button="Save")


@pytest.mark.parametrize("mark", ["", "x", "-", "deadbeef-1", "9" * 6000, "a-" + "9" * 6000, "a--1.b"])
def test_an_odd_mark_has_seen_nothing(gita: Desk, instance: Instance, mark: str) -> None:
    told = tell(instance)
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(told.path), {"note": "First."}, button="Save")
    page = gita.client.submit(gita.client.get(told.path), {"seen": mark, "note": "x"}, button="Save", status=409)
    assert "First." in since(page)


def guardian(instance: Instance, name: str) -> tuple[Visitor, Charter]:
    found = instance.guardian(name)
    email = f"{name}@example.org"
    visitor = Visitor(found.person_id, name.capitalize(), email, frozenset({"guardian"}), found.secret)
    return visitor, open_desk(instance.house)


def saving(instance: Instance, told: Told, name: str, meet: Callable[[], object], found: list[str]) -> None:
    """One guardian reads, waits until the other one has read as well, and saves."""
    visitor, desk = guardian(instance, name)
    flag = read_flag(instance.house, desk, visitor, told.thread_id)
    assert isinstance(flag, Flag)
    mark = seen(flag, sign_public(visitor.sign_seed))
    meet()
    try:
        service.record(instance.house, desk, visitor, flag, Work(Step("assessing"), note=name), bytes(16), mark)
        found.append("saved")
    except service.Changed:
        found.append("changed")


def race(instance: Instance, told: Told) -> list[str]:
    found: list[str] = []
    # longer than a store waits for whoever writes
    barrier = threading.Barrier(2, timeout=120)
    threads = [
        threading.Thread(target=saving, args=(instance, told, name, barrier.wait, found)) for name in ("gita", "gwen")
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(found)


def test_of_two_that_save_at_the_same_moment_one_is_told(instance: Instance) -> None:
    for _round in range(6):
        told = tell(instance)
        assert race(instance, told) == ["changed", "saved"]
        assert len(told.rows()) == 5


def test_without_the_look_inside_the_transaction_both_would_be_stored(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the race above can be lost: both had read the thread before either wrote."""
    monkeypatch.setattr(service, "_nobody_else", lambda *_args: None)
    told = tell(instance)
    assert race(instance, told) == ["saved", "saved"]
    assert len(told.rows()) == 9


def test_seen_counts_the_others_alone(instance: Instance) -> None:
    told = tell(instance)
    saving(instance, told, "gita", lambda: None, [])
    for name, unread in (("gita", 0), ("gwen", 4)):
        visitor, desk = guardian(instance, name)
        flag = read_flag(instance.house, desk, visitor, told.thread_id)
        assert flag is not None
        own = sign_public(visitor.sign_seed)
        assert len(newer(flag, own, "")) == unread
        assert not newer(flag, own, seen(flag, own))
