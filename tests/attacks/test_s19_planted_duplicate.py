"""Otto plants a copy of somebody's flag, and learns nothing of how hers fares (S19)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from concerns.flagging.reading import Message, open_with_receipt
from concerns.sealing.envelope import Kind
from concerns.sealing.receipt import words_of
from concerns.sealing.threads import take_back
from concerns.triage.bundles import Work
from concerns.triage.rules import Step, first_words
from concerns.triage.service import record
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import PoliceClient
from tests.triage.events.linking import Linker
from tests.triage.telling import TEXT, Told, collect_now, tell

pytestmark = pytest.mark.attack


@dataclass
class Scene:
    """Rosa's flag and Otto's copy of it, both collected, and Gita at her desk."""

    instance: Instance
    gita: Desk
    rosas: Told
    ottos: Told
    door: PoliceClient

    def sits(self, told: Told, **work: str) -> None:
        page = self.gita.client.get(told.path)
        self.gita.client.submit(page, work, button="Save")

    def links(self) -> None:
        """Gita finds that both tell of one event. Rosa's is sorted, Otto's waits."""
        self.sits(self.rosas, primary="N01", note="It was told twice.")
        page = self.gita.client.get(f"{self.ottos.path}/events")
        assert "Word for word the same: perhaps sent twice" in page.text
        self.gita.client.submit(page, button=f"Link with: {' '.join(first_words(TEXT).split())}")

    def takes_apart(self) -> None:
        self.links()
        self.gita.client.submit(self.gita.client.get(f"{self.ottos.path}/events"), button="Take this flag out")

    def looks(self, told: Told) -> None:
        self.gita.client.submit(self.gita.client.get(told.path), button="Open how to reach them", status=200)

    def otto_sees(self) -> tuple[str, object]:
        """His page, and what it is made of. The random item of its form says nothing."""
        page = self.door.post("/return", {"receipt": " ".join(words_of(self.ottos.entropy))})
        shown = re.sub(r'(name="(?:item|stamp|csrf_token|challenge)"[^>]* value=")[^"]*', r"\1", page.html)
        reading = open_with_receipt(self.instance.house, self.ottos.entropy)
        # an empty reply and a status that says only that somebody looked are what every act leaves, whatever it is
        messages = [(one.item.payload, one.week, one.guardian) for one in reading.messages if says(one)]
        return shown, (reading.status, reading.week, reading.last_heard, reading.gap, messages)


def says(message: Message) -> bool:
    return bool(message.said("text")) or (message.item.kind is Kind.STATUS and not message.looked)


@pytest.fixture
def desk(instance: Instance) -> Desk:
    return Desk(instance)


@pytest.fixture
def scene(instance: Instance, desk: Desk) -> Scene:
    desk.sign_in("gita")
    rosas, ottos = tell(instance, TEXT, contact=("meet", "At home.")), tell(instance, TEXT)
    return Scene(instance, desk, rosas, ottos, PoliceClient(instance.report_app.test_client(), traceless=True))


ACTS: dict[str, Callable[[Scene], object]] = {
    "sorted": lambda scene: scene.sits(scene.rosas, primary="N01", status="acknowledged"),
    "answered": lambda scene: scene.sits(scene.rosas, reply="Thank you.", note="The same words twice."),
    "concluded": lambda scene: scene.sits(scene.rosas, status="concluded: acted", reason="A third nurse."),
    "reached": lambda scene: scene.looks(scene.rosas),
    "added to": lambda scene: scene.rosas.detail("They moved me.", about="detriment"),
    "linked with his": lambda scene: scene.links(),
    "linked and taken apart": lambda scene: scene.takes_apart(),
    "taken back": lambda scene: take_back(scene.instance.stores, scene.rosas.thread_id),
}


@pytest.mark.parametrize("act", ACTS)
def test_s19_a_planted_copy_shows_nothing_of_the_other_thread(scene: Scene, act: str) -> None:
    alone = scene.otto_sees()
    ACTS[act](scene)
    assert scene.otto_sees() == alone
    collect_now(scene.instance)
    assert scene.otto_sees() == alone


def test_s19_his_days_run_from_his_own_thread(scene: Scene) -> None:
    scene.sits(scene.ottos, status="assessing", reply="We are looking.")
    collect_now(scene.instance)
    scene.instance.clock.pass_(days=1)
    scene.gita.sign_in("gita")
    alone = scene.otto_sees()
    scene.sits(scene.rosas, status="responded", reply="A third nurse comes on Monday.")
    collect_now(scene.instance)
    assert scene.otto_sees() == alone


@pytest.mark.parametrize("merged", ["in his own thread", "in hers"])
def test_s19_that_they_are_merged_is_never_shown(scene: Scene, merged: str) -> None:
    told = scene.ottos if merged == "in his own thread" else scene.rosas
    for one in (scene.rosas, scene.ottos):
        scene.sits(one, primary="N01", status="acknowledged")
    alone = scene.otto_sees()
    scene.links()
    gita = Linker(scene.instance)
    record(gita.house, gita.desk, gita.visitor, gita.flag(told.thread_id), Work(Step("merged"), "N01"), b"m" * 16)
    assert scene.otto_sees() == alone
    assert "merged" not in scene.otto_sees()[0].lower()


def test_s19_what_his_own_key_opens_does_not_name_what_was_done(scene: Scene) -> None:
    """His own program may read more than a page shows: a guardian noted something, and it could be anything."""
    scene.looks(scene.ottos)
    looked_at = payloads(scene.ottos)
    scene.links()
    linked = payloads(scene.ottos)[len(looked_at) :]
    assert len(linked) == len(looked_at)
    for one, other in zip(looked_at, linked, strict=True):
        assert one.keys() == other.keys()
        assert {name for name in one if one[name] != other[name]} <= {"n", "prev", "sig"}


def payloads(told: Told) -> list[dict[str, object]]:
    """What guardians wrote that a reporter's key opens."""
    return [item.payload for item in told.opened().items if item.kind in (Kind.REPLY, Kind.STATUS)]


def test_his_page_would_show_what_happens_in_his_thread(scene: Scene) -> None:
    """To test that something does not leak, make sure that something could."""
    alone = scene.otto_sees()
    scene.sits(scene.ottos, status="assessing", reply="We are looking.")
    shown, facts = scene.otto_sees()
    assert shown != alone[0] and facts != alone[1]
