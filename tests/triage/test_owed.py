"""What is owed follows from what guardians signed in the thread, and from what the reporter said."""

import datetime as dt

import pytest

from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page, words
from tests.triage.acting.steps import open_gate
from tests.triage.telling import collect_now, tell

EXTREME = {"consequence": "5", "likelihood": "5"}


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def facts(page: Page) -> dict[str, str]:
    return {words(row.find("dt")): words(row.find("dd")) for row in page.with_class("govuk-summary-list__row")}


def test_an_extreme_score_is_due_an_owner_from_the_day_it_was_given(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), {"status": "assessing", **EXTREME}, button="Save")
    instance.clock.pass_(days=3)
    gita.sign_in("gita")
    gita.client.submit(gita.client.get(told.path), {"note": "Still so."}, button="Save")
    found = facts(gita.client.get(told.path))
    assert found["Find an owner by"] == "23 November 2026 Overdue"
    page = gita.client.submit(gita.client.get(told.path), {"status": "being addressed"}, button="Save", status=422)
    assert "Before this status, ask whether acting would show who spoke" in page.errors[0]
    open_gate(gita, told)
    gita.client.submit(gita.client.get(told.path), {"status": "being addressed"}, button="Save")
    assert "Find an owner by" not in facts(gita.client.get(told.path))


def test_a_second_guardian_who_sorts_it_is_the_second_reader(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    assert facts(gita.client.get(told.path))["Sorted by"] == "Nobody yet"
    gita.client.submit(gita.client.get(told.path), {"primary": "N01"}, button="Save")
    found = facts(gita.client.get(told.path))
    assert (found["Sorted by"], found["Second reader by"]) == ("Gita", "25 November 2026")
    gwen = gita.as_("gwen")
    gwen.client.submit(gwen.client.get(told.path), button="Save")
    found = facts(gwen.client.get(told.path))
    assert found["Sorted by"] == "Gita, Gwen"
    assert "Second reader by" not in found


def test_where_one_guardian_alone_may_read_no_second_reader_is_owed(gita: Desk, instance: Instance) -> None:
    told = tell(instance, exclude=["gwen"])
    gita.client.submit(gita.client.get(told.path), {"primary": "N01"}, button="Save")
    assert "Second reader by" not in facts(gita.client.get(told.path))


def test_who_only_opened_the_contact_read_it_and_sorted_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), button="Open how to reach them", status=200)
    found = facts(gita.client.get(told.path))
    assert (found["Sorted by"], found["Also read by"]) == ("Nobody yet", "Gita")


def test_detriment_is_owed_an_answer_until_somebody_writes_and_then_a_check(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    gita.client.submit(gita.client.get(told.path), {"reply": "Thank you."}, button="Save")
    told.detail("They moved me.", about="detriment")
    collect_now(instance)
    found = facts(gita.client.get(told.path))
    assert found["Answer how they are treated by"] == "25 November 2026"
    assert found["Ask again how they are treated by"] == "23 December 2026"
    gita.client.submit(gita.client.get(told.path), {"note": "A note is no answer."}, button="Save")
    assert "Answer how they are treated by" in facts(gita.client.get(told.path))
    gita.client.submit(gita.client.get(told.path), {"reply": "Thank you for saying so."}, button="Save")
    assert "Answer how they are treated by" not in facts(gita.client.get(told.path))
    instance.clock.now = dt.datetime(2026, 12, 24, 10, tzinfo=dt.UTC)
    gita.sign_in("gita")
    gita.client.submit(gita.client.get(told.path), {"reply": "How are you treated now?"}, button="Save")
    assert facts(gita.client.get(told.path))["Ask again how they are treated by"] == "23 February 2027"
