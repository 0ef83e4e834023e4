"""Gita links two flags on their page, and takes one out again."""

import pytest

from concerns.flagging.reading import open_with_receipt
from concerns.sealing.threads import take_back
from concerns.triage import service
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.telling import Told, collect_now, tell

FIRST = "The hoist on our ward stops half way up and we lift patients by hand."
SAME = "On our ward the hoist stops half way and so the patients are lifted by hand."
OTHER = "Nobody answers the telephone in payroll."


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def sort(gita: Desk, told: Told, theme: str) -> None:
    gita.client.submit(gita.client.get(told.path), {"primary": theme, "status": "acknowledged"}, button="Save")


def test_gita_links_what_two_told_and_takes_one_out(gita: Desk) -> None:
    one, two, other = (tell(gita.instance, text) for text in (FIRST, SAME, OTHER))
    sort(gita, one, "N02")
    page = gita.client.get(f"{two.path}/events")
    likest, others = page.text.split("Others of these weeks")
    assert FIRST in likest and OTHER in others
    assert "Linked with" not in page.text
    gita.client.submit(page, button=f"Link with: {FIRST}")
    for mine, theirs in ((one, SAME), (two, FIRST)):
        page = gita.client.get(f"{mine.path}/events")
        assert "Linked with Counted as one under Medicines, Ward 1. A telling" in page.text
        assert f"Link with: {theirs}" not in page.text and theirs in page.text
        assert f"One event with {theirs}" in gita.client.get(mine.path).text
    gita.client.submit(page, button="Take this flag out")
    page = gita.client.get(f"{two.path}/events")
    assert "Taken out. The flag stands for itself again" in page.text
    assert "Linked with" not in page.text
    assert "Linked with" not in gita.client.get(f"{other.path}/events").text


def test_a_double_send_is_offered_as_one(gita: Desk) -> None:
    one, _again = tell(gita.instance, FIRST), tell(gita.instance, FIRST)
    page = gita.client.get(f"{one.path}/events")
    assert "Word for word the same: perhaps sent twice" in page.text
    assert "Linked with" not in page.text


def test_what_cannot_be_linked_is_said_in_one_sentence(gita: Desk) -> None:
    one, two = tell(gita.instance, FIRST), tell(gita.instance, SAME, exclude=["gwen"])
    page = gita.client.get(f"{one.path}/events")
    refused = gita.client.submit(page, button=f"Link with: {SAME}", status=409)
    assert "not the same guardians may read them" in refused.text
    assert "Linked with" not in gita.client.get(f"{two.path}/events").text


def test_a_press_that_names_no_flag_is_no_page_of_ours(gita: Desk) -> None:
    told = tell(gita.instance, FIRST)
    for pressed in ({}, {"link": "nonsense"}, {"link": "00"}):
        gita.client.post(f"{told.path}/events", token(gita, told) | pressed, status=404)


def test_s7_an_excluded_guardian_finds_nothing_of_it_on_any_page(gita: Desk) -> None:
    one, hidden = tell(gita.instance, FIRST), tell(gita.instance, SAME, exclude=["gwen"])
    assert SAME in gita.client.get(f"{one.path}/events").text
    gwen = gita.as_("gwen")
    assert SAME not in gwen.client.get(f"{one.path}/events").text
    gwen.client.get(f"{hidden.path}/events", status=404)
    press = {"link": hidden.thread_id.hex()}
    answers = [
        gwen.client.post(f"{one.path}/events", {**token(gwen, one), "link": thread}, status=404).text
        for thread in (press["link"], "00" * 16)
    ]
    assert answers[0] == answers[1].replace("00" * 16, press["link"])


def token(desk: Desk, told: Told) -> dict[str, str]:
    fields = desk.client.get(f"{told.path}/events").form().iter("input")
    return {one.get("name"): one.get("value", "") for one in fields}


def test_where_it_cannot_be_stored_the_page_says_so_and_can_be_pressed_again(
    gita: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tell(gita.instance, FIRST), tell(gita.instance, SAME)
    sort(gita, one, "N02")
    page = gita.client.get(f"{two.path}/events")
    with monkeypatch.context() as broken:
        broken.setattr(service, "deliver", lambda *_args, **_more: (_ for _ in ()).throw(OSError("full")))
        failed = gita.client.submit(page, button=f"Link with: {FIRST}", status=503)
    assert "It may not have been saved" in failed.text
    gita.client.submit(failed, button=f"Link with: {FIRST}")
    assert "Linked with" in gita.client.get(f"{one.path}/events").text


def test_one_that_was_taken_back_is_gone_from_the_page(gita: Desk) -> None:
    one, two = tell(gita.instance, FIRST), tell(gita.instance, SAME)
    sort(gita, one, "N02")
    page = gita.client.get(f"{two.path}/events")
    gita.client.submit(page, button=f"Link with: {FIRST}")
    take_back(gita.instance.stores, one.thread_id)
    collect_now(gita.instance)
    after = gita.client.get(f"{two.path}/events")
    assert "Linked with" not in after.text and FIRST not in after.text
    gita.client.submit(page, button=f"Link with: {FIRST}", status=404)


def test_s19_a_linked_flag_may_be_merged_and_its_reporter_sees_what_they_would_see_without_it(gita: Desk) -> None:
    one, two, alone = (tell(gita.instance, text) for text in (FIRST, SAME, OTHER))
    sort(gita, one, "N02")
    sort(gita, two, "N02")
    before = reporter_sees(two)
    gita.client.submit(gita.client.get(f"{two.path}/events"), button=f"Link with: {FIRST}")
    gita.instance.clock.pass_(days=8)
    gita.sign_in("gita")
    assert "merged" not in offered(gita.client.get(alone.path)) and "merged" in offered(gita.client.get(two.path))
    gita.client.submit(gita.client.get(alone.path), {"status": "merged"}, button="Save", status=422)
    gita.client.submit(gita.client.get(two.path), {"status": "merged", "reason": "Told twice."}, button="Save")
    assert "Merged" in gita.client.get(two.path).text
    said = str([one.payload for one in two.opened().items])
    assert reporter_sees(two) == before and "Told twice." not in said and "merged" not in said
    # taken out again it stands for itself, and goes on from there
    gita.client.submit(gita.client.get(f"{two.path}/events"), button="Take this flag out")
    gita.client.submit(gita.client.get(two.path), {"status": "assessing"}, button="Save")
    assert "Assessing" in gita.client.get(two.path).text and reporter_sees(two) != before


def offered(page: Page) -> list[str]:
    (field,) = [one for one in page.tree.iter("select") if one.get("name") == "status"]
    return [option.get("value") for option in field.iter("option")]


def reporter_sees(told: Told) -> tuple[object, ...]:
    """What the page of their thread is made of."""
    found = open_with_receipt(told.instance.house, told.entropy)
    assert found.step is not None
    return found.status, found.step.item.payload, found.last_heard, found.gap
