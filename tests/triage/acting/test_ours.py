"""Not from our staff: two guardians say so, and then it counts nowhere."""

import datetime as dt

import pytest

from concerns.sealing.envelope import Kind
from concerns.triage.acting.ours import not_ours
from tests.cast import STARTED, Instance
from tests.people.visiting import Desk
from tests.triage.acting.steps import flag_as, step
from tests.triage.telling import tell

PROPOSE = "Propose to leave it out"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def test_two_guardians_and_the_day_is_the_second_ones(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    step(gita, told, "not-ours", {"reason": "It sells roof tiles."}, PROPOSE)
    assert not_ours(flag_as(instance, told)) is None
    instance.clock.pass_(days=3)
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(f"{told.path}/not-ours"), button="I agree")
    assert not_ours(flag_as(instance, told)) == STARTED.date() + dt.timedelta(days=3)
    assert not_ours(flag_as(instance, told, "gwen")) == STARTED.date() + dt.timedelta(days=3)


def test_one_alone_or_one_who_stopped_it_changes_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    step(gita, told, "not-ours", {"reason": "It sells roof tiles."}, PROPOSE)
    page = gita.client.get(f"{told.path}/not-ours")
    assert "I agree" not in page.text and "It waits for another guardian until" in page.text
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(f"{told.path}/not-ours"), button="Stop it")
    assert not_ours(flag_as(instance, told)) is None
    assert PROPOSE in gita.client.get(f"{told.path}/not-ours").text


def test_a_reason_is_needed_and_the_reporter_sees_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = step(gita, told, "not-ours", {}, PROPOSE, 422)
    assert page.errors == ["Give the reason: the second guardian reads it"]
    step(gita, told, "not-ours", {"reason": "It sells roof tiles."}, PROPOSE)
    opened = told.opened()
    assert [one.payload["status"] for one in opened.of_kind(Kind.STATUS)] == ["received"]
    assert "tiles" not in str([one.payload for one in opened.items])


def test_two_guardians_take_it_back_and_it_counts_again(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gwen = gita.as_("gwen")
    step(gita, told, "not-ours", {"reason": "It sells roof tiles."}, PROPOSE)
    gwen.client.submit(gwen.client.get(f"{told.path}/not-ours"), button="I agree")
    assert PROPOSE not in gita.client.get(f"{told.path}/not-ours").text
    step(gwen, told, "not-ours", {"reason": "Our estates team buys roof tiles."}, "Propose to count it again")
    assert not_ours(flag_as(instance, told)) is not None  # one alone undoes nothing
    page = gwen.client.get(f"{told.path}/not-ours")
    assert "I agree" not in page.text
    gita.client.submit(gita.client.get(f"{told.path}/not-ours"), button="I agree")
    assert not_ours(flag_as(instance, told)) is None
    # and it may be marked once more
    step(gita, told, "not-ours", {"reason": "It is advertising after all."}, PROPOSE)
    gwen.client.submit(gwen.client.get(f"{told.path}/not-ours"), button="I agree")
    assert not_ours(flag_as(instance, told)) is not None
