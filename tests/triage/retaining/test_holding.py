"""Legal hold: two guardians, until a day, past the latest date where need be, and the reporter reads it."""

import datetime as dt

import pytest
from sqlalchemy import select

from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Thread
from concerns.sealing.text import to_text
from concerns.triage.acts import proposals
from concerns.triage.retaining.holding import HOLD, hold_of
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.acting.steps import flag_as, step
from tests.triage.closing_bench import on
from tests.triage.retaining.concluding import concluded, due_for, frozen, stored
from tests.triage.telling import Told, tell

PROPOSE, AGREE = "Propose to hold it", "I agree: keep it and tell the reporter"
UNTIL = dt.date(2027, 11, 1)
WHY = {"until": UNTIL.isoformat(), "reason": "The inquiry asked for it under the Inquiries Act 2005."}
REPLY = "What you told us must be kept until 1 November 2027, because the law says so."


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def agree(desk: Desk, told: Told) -> None:
    desk.client.submit(desk.client.get(f"{told.path}/hold"), button=AGREE)


def week(instance: Instance) -> dt.date | None:
    with instance.stores.read_main() as main:
        return main.scalar(select(Thread.purge_week))


def test_one_proposes_another_agrees_and_the_week_moves_then_and_not_before(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    ceiling = week(instance)
    assert ceiling == dt.date(2027, 11, 8)
    later = {**WHY, "until": "2027-11-22"}
    step(gita, told, "hold", later, PROPOSE)
    page = gita.client.get(f"{told.path}/hold")
    assert AGREE not in page.text and "It waits for another guardian until" in page.text
    assert hold_of(flag_as(instance, told)) is None and week(instance) == ceiling
    gwen = gita.as_("gwen")
    assert f"/desk{told.path}" in gwen.client.get("/waiting").links().values()
    assert "Hold it because the law says so. It waits for a second guardian." in gwen.client.get(told.path).text
    agree(gwen, told)
    hold = hold_of(flag_as(instance, told))
    assert hold is not None and (hold.until, hold.ceiling) == (dt.date(2027, 11, 22), ceiling)
    assert week(instance) == dt.date(2027, 11, 22)
    assert "It must be kept until 22 November 2027." in gwen.client.get(told.path).text
    told_her = [one.payload["text"] for one in told.opened().of_kind(Kind.REPLY) if one.payload["text"]]
    assert [text.splitlines()[0] for text in told_her] == [
        "What you told us must be kept until 22 November 2027, because the law says so. Two of us have decided this."
    ]
    # two may end it sooner: then the promised week counts again
    step(gwen, told, "hold", {**WHY, "until": "2026-12-24"}, "Propose another day")
    agree(gita, told)
    assert week(instance) == ceiling


def test_it_is_kept_past_its_latest_week_and_goes_when_the_hold_is_over(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    with instance.stores.write_main() as main:
        main.get_one(Thread, told.thread_id).purge_week = dt.date(2026, 12, 7)
    step(gita, told, "hold", WHY, PROPOSE)
    agree(gita.as_("gwen"), told)
    collect(instance.stores, dt.date(2027, 11, 7), 12)
    assert week(instance) == UNTIL
    collect(instance.stores, dt.date(2027, 11, 8), 12)
    assert week(instance) is None


def test_a_held_flag_is_never_due_and_one_that_waits_to_be_held_neither(desk: Desk, instance: Instance) -> None:
    flag = concluded(instance)
    stored(instance, flag)
    frozen(instance)
    desk.sign_in("gita")
    told = Told(instance, None, flag.thread_id, b"")  # type: ignore[arg-type]  # nobody comes back to it
    assert due_for(desk) == {flag.thread_id.hex()}
    step(desk, told, "hold", {**WHY, "until": "2027-03-30"}, PROPOSE)
    assert due_for(desk) == set(), "it waits for a second guardian"
    gwen = desk.as_("gwen")
    assert due_for(gwen) == set()
    agree(gwen, told)
    on(instance, dt.date(2027, 3, 30))
    assert due_for(desk.as_("gita")) == set()
    on(instance, dt.date(2027, 3, 31))
    assert due_for(desk.as_("gita")) == {flag.thread_id.hex()}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "Keep it until: enter a day, as in 2027-12-24"),
        ({**WHY, "until": "soon"}, "Keep it until: enter a day, as in 2026-12-24"),
        ({**WHY, "until": "2026-11-21"}, "Keep it until: choose a day from today on, and at most twelve months ahead"),
        ({**WHY, "until": "2027-11-23"}, "Keep it until: choose a day from today on, and at most twelve months ahead"),
        ({**WHY, "reason": ""}, "Give the reason: which law or order it is. The second guardian reads it"),
    ],
)
def test_a_day_within_twelve_months_and_a_reason_are_needed(
    gita: Desk, instance: Instance, data: dict[str, str], says: str
) -> None:
    if instance.stores.main.dialect.name != "sqlite":
        pytest.skip("the form is the same on every store")
    told = tell(instance)
    assert says in step(gita, told, "hold", data, PROPOSE, 422).errors
    assert proposals(flag_as(instance, told), HOLD) == []


def test_nobody_agrees_with_herself_and_the_week_stays(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    before = week(instance)
    step(gita, told, "hold", WHY, PROPOSE)
    page = gita.client.get(f"{told.path}/hold")
    link = proposals(flag_as(instance, told), HOLD)[0].link
    (field,) = [one for one in page.tree.iter("input") if one.get("name") == "csrf_token"][:1]
    posted = {"csrf_token": field.get("value"), "item": to_text(b"i" * 16), "agree": link, "reply": REPLY}
    refused = gita.client.post(f"{told.path}/hold", posted, 409)
    assert "You proposed this yourself: another guardian has to agree." in refused.text
    assert week(instance) == before and hold_of(flag_as(instance, told)) is None


def test_where_the_agreement_is_not_stored_the_week_is_as_it_was(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(instance)
    before = week(instance)
    step(gita, told, "hold", {**WHY, "until": "2027-11-22"}, PROPOSE)
    gwen = gita.as_("gwen")
    page = gwen.client.get(f"{told.path}/hold")
    with monkeypatch.context() as patch:
        patch.setattr("concerns.triage.service.deliver", lambda *_args, **_kwargs: 1 / 0)
        gwen.client.submit(page, {"reply": REPLY}, button=AGREE, status=503)
    assert week(instance) == before and hold_of(flag_as(instance, told)) is None
    gwen.client.submit(page, button=AGREE)
    assert week(instance) == dt.date(2027, 11, 22)
