"""The admin's page of health: everything that should be seen to, and nothing of any flag."""

import shutil

import pytest

from concerns.founding import certificates_check
from concerns.founding.finding import Finding
from concerns.founding.health import service
from concerns.founding.health.service import health
from concerns.founding.verifying import verify
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.telling import collect_now, tell


@pytest.fixture
def desk(instance: Instance) -> Desk:
    found = Desk(instance)
    found.sign_in("ada")
    return found


@pytest.fixture(autouse=True)
def room_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other programs write to the disk as well, between two looks at it."""
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)


def test_it_says_what_the_self_check_says(desk: Desk, instance: Instance) -> None:
    text = desk.client.get("/set-up/health").text
    findings = verify(instance.house, [])
    assert [
        one.words for one in findings if one.name not in service.NOT_HERE and one.words.replace("`", "") not in text
    ] == []
    assert "Nothing is broken." in text


def test_it_shows_nothing_of_any_flag(desk: Desk, instance: Instance) -> None:
    guardian = desk.as_("gita")
    guardian.client.get("/inbox")  # collects, on a day that everybody may know
    before = desk.client.get("/set-up/health").text
    for number in range(30):
        tell(instance, f"Number {number}.", collected=False)
    assert desk.client.get("/set-up/health").text == before
    collect_now(instance)
    guardian.client.get("/inbox")
    assert desk.client.get("/set-up/health").text == before


def test_a_fault_comes_first_and_is_counted(desk: Desk, instance: Instance) -> None:
    (instance.directory / "ledger.jsonl").unlink()
    text = desk.client.get("/set-up/health").text
    assert "1 fault to mend" in text
    (group,) = [one for one in health(instance.house).groups if one.heading == "What is stored"]
    assert [one.good for one in group.findings][:2] == [False, True]


def test_a_check_that_no_group_names_is_shown_all_the_same(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    new = Finding("new", False, "Something new is amiss.")
    monkeypatch.setattr(service, "verify", lambda _house, _faults: [new])
    (group,) = health(instance.house).groups
    assert group.heading == "More" and group.findings == (new,)


def test_certificates_are_looked_at_when_the_button_is_pressed_and_never_before(
    desk: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def seen(origin: str, _trusted: object) -> dict[str, str]:
        asked.append(origin)
        return {"until": "2027-02-01"}

    monkeypatch.setattr(certificates_check, "_seen", seen)
    monkeypatch.setattr(certificates_check, "origins", lambda _house: ["https://concerns.example.org"])
    page = desk.client.get("/set-up/health")
    assert "Nobody has looked at the certificate of https://concerns.example.org yet" in page.text
    assert asked == []
    assert desk.client.submit(page, button="Look at the certificates now").location == "/desk/set-up/health"
    assert asked == ["https://concerns.example.org"]
    assert "lasts until 1 February 2027, looked at on 22 November 2026." in desk.client.get("/set-up/health").text
