"""The hourly round: every duty, one process at a time, a failing one stops no other, and a clean stop."""

import dataclasses
import datetime as dt
import fcntl
import threading
import time
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import func, select

from concerns.founding import rounds, serving
from concerns.founding.rounds import Rounds, go_round, last_round
from concerns.founding.verifying import Finding, verify
from concerns.people import sessions
from concerns.people.duties import notices
from concerns.people.duties.model import ReadingDay
from concerns.people.model import DeskSession
from concerns.sealing.collecting import waiting
from concerns.store.house import House, MailServer
from concerns.triage.service import collected_today
from tests.cast import Instance
from tests.triage.telling import tell

MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)


@pytest.fixture
def house(instance: Instance) -> House:
    """The house on the morning of a reading day, with a mail server that is not there."""
    instance.clock.now = MONDAY
    return dataclasses.replace(instance.house, mail=MailServer("127.0.0.1", 9, "desk@example.org", "", "", "none"))


def of_duties(house: House) -> list[Finding]:
    return [finding for finding in verify(house, []) if finding.name == "duties"]


def test_a_round_does_every_duty(instance: Instance, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[str] = []

    def post(_server: MailServer, letters: Sequence[EmailMessage]) -> list[bool]:
        posted.append(f"{len(letters)} before the collect" if waiting(instance.stores) else "too late")
        return [True] * len(letters)

    monkeypatch.setattr(rounds, "DUTIES", {**rounds.DUTIES, "letters": lambda house: notices.send_due(house, post)})
    tell(instance, collected=False)
    instance.clock.now -= dt.timedelta(hours=9)
    sessions.start(instance.house, instance.guardian().person_id, None)
    instance.clock.now = MONDAY
    assert go_round(house) == []
    assert posted == ["2 before the collect"]
    assert collected_today(instance.house) and not waiting(instance.stores)
    with instance.stores.read_main() as main, instance.stores.read_live() as live:
        assert list(main.scalars(select(ReadingDay.kept))) == [False]
        assert live.scalar(select(func.count()).select_from(DeskSession)) == 0
    assert last_round(house) == (MONDAY.date(), [])
    assert go_round(house) == []
    assert len(posted) == 1


def test_one_failing_duty_stops_no_other_and_is_told_without_its_words(
    instance: Instance, house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_house: House) -> bool:
        raise RuntimeError("gita@example.org")

    monkeypatch.setattr(
        rounds, "DUTIES", {"reading days": fail, **{k: rounds.DUTIES[k] for k in ("letters", "collect")}}
    )
    assert go_round(house) == ["reading days", "letters"]
    assert collected_today(instance.house)
    words = [finding.words for finding in of_duties(house) if finding.good is False]
    assert words == [
        "In the last round, on 23 November 2026, this did not work: reading days, letters. It is tried every hour.",
        "The mail server refused a letter, and has taken none since.",
    ]
    kept = "".join(path.read_text() for path in (instance.directory / "run").iterdir() if path.is_file())
    assert "gita" not in kept + caplog.text


def test_what_is_to_be_known_of_the_duties_is_no_fault(instance: Instance) -> None:
    found = of_duties(instance.house)
    assert [finding.good for finding in found] == [None, None, None]
    assert [finding.words.split(":")[0] for finding in found] == [
        "No round of duties has run yet",
        "No mail server is set",
        "There is no overseer",
    ]
    assert go_round(instance.house) == []
    assert [finding.good for finding in of_duties(instance.house)] == [True, None, None]
    instance.clock.pass_(days=3)
    assert of_duties(instance.house)[0].words.startswith("The last round of duties was on 22 November 2026")


def test_an_instance_that_is_not_open_has_no_duties_yet(instance: Instance, house: House) -> None:
    (instance.directory / "manifest.pin").unlink()
    assert go_round(dataclasses.replace(house, mail=None)) == []
    with instance.stores.read_main() as main:
        assert main.scalar(select(func.count()).select_from(ReadingDay)) == 0


def test_one_process_at_a_time(instance: Instance, house: House) -> None:
    (instance.directory / "run").mkdir(exist_ok=True)
    with (instance.directory / "run" / rounds.LOCK).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert go_round(house) is None
    assert go_round(house) is not None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"day": 5, "failed": []}', '{"day": "2026-11-23", "failed": null}'])
def test_an_odd_report_is_none(instance: Instance, text: str) -> None:
    (instance.directory / "run").mkdir(exist_ok=True)
    (instance.directory / "run" / rounds.REPORT).write_text(text)
    assert last_round(instance.house) is None


def test_the_thread_goes_round_and_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: Instance) -> None:
    gone, enough = [], threading.Event()

    def count(house: House) -> None:
        gone.append(house)
        if len(gone) == 3:
            enough.set()
        raise OSError

    monkeypatch.setattr(rounds, "go_round", count)
    thread = Rounds(instance.house, every=dt.timedelta(milliseconds=10))
    thread.start()
    assert enough.wait(120)
    thread.stop()
    before = len(gone)
    time.sleep(0.05)
    assert len(gone) == before and not thread._thread.is_alive()


def test_rounds_are_at_full_hours_whenever_the_worker_was_started(instance: Instance) -> None:
    """A busy service starts its workers anew more often: the hour of a letter must not tell."""
    for minutes, seconds in ((0, 3600), (1, 3540), (59, 60)):
        instance.clock.now = MONDAY + dt.timedelta(minutes=minutes)
        assert Rounds(instance.house)._until_next() == seconds


def test_workers_of_the_desk_go_round_and_those_of_the_report_door_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class Told:
        def start(self) -> None:
            said.append("start")

        def stop(self) -> None:
            said.append("stop")

    import wsgi

    monkeypatch.setattr(wsgi, "rounds", Told)
    assert serving.hooks("report") == {}
    for target in ("desk", "app"):
        hooks = serving.hooks(target)
        hooks["post_worker_init"](None)
        hooks["worker_exit"](None, None)
    assert said == ["start", "stop"] * 2
