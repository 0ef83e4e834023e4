"""`merged` is the guardians' own business: nothing that a reporter can open says it, or moves their days."""

import pytest

from concerns.flagging.reading import open_with_receipt
from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind
from concerns.triage import bundles, service
from concerns.triage.bundles import Work
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import open_desk
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.triage.telling import Told, tell


def sit(instance: Instance, told: Told, step: Step) -> None:
    found = instance.guardian("gita")
    visitor = Visitor(found.person_id, "Gita", "gita@example.org", frozenset({"guardian"}), found.secret)
    desk = open_desk(instance.house)
    flag = read_flag(instance.house, desk, visitor, told.thread_id)
    assert flag is not None
    service.record(instance.house, desk, visitor, flag, Work(step, reason="The same ward."), bytes(16))
    again = read_flag(instance.house, desk, visitor, told.thread_id)
    assert again is not None and again.step == step


def said_to_reporter(told: Told) -> str:
    return str([item.payload for item in told.opened().of_kind(Kind.STATUS)])


def test_s19_the_reporter_s_status_and_days_stay_as_they_were(instance: Instance) -> None:
    told = tell(instance)
    sit(instance, told, Step("assessing"))
    before = open_with_receipt(instance.house, told.entropy)
    instance.clock.pass_(days=14)
    sit(instance, told, Step("merged"))
    after = open_with_receipt(instance.house, told.entropy)
    assert (after.status, after.last_heard) == (before.status, before.last_heard)
    assert "merged" not in said_to_reporter(told)
    assert said_to_reporter(told).count("The same ward.") == 1


def test_without_the_rule_it_would_be_sealed_to_the_reporter(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "INTERNAL", frozenset())
    told = tell(instance)
    sit(instance, told, Step("merged"))
    assert "merged" in said_to_reporter(told)
