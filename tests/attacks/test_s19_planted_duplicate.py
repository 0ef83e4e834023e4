"""Otto plants a copy of somebody's flag, and learns nothing of how hers fares (S19)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from concerns.flagging.reading import open_with_receipt
from concerns.sealing.receipt import words_of
from concerns.sealing.threads import take_back
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import PoliceClient
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

    def looks(self, told: Told) -> None:
        self.gita.client.submit(self.gita.client.get(told.path), button="Open how to reach them", status=200)

    def otto_sees(self) -> tuple[str, object]:
        """His page, and what it is made of. The random item of its form says nothing."""
        page = self.door.post("/return", {"receipt": " ".join(words_of(self.ottos.entropy))})
        shown = re.sub(r'(name="(?:item|stamp|csrf_token|challenge)"[^>]* value=")[^"]*', r"\1", page.html)
        reading = open_with_receipt(self.instance.house, self.ottos.entropy)
        messages = [(one.item.payload, one.week, one.guardian) for one in reading.messages]
        return shown, (reading.status, reading.week, reading.last_heard, reading.gap, messages)


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
    scene.sits(scene.rosas, status="being addressed", reply="A third nurse comes on Monday.")
    collect_now(scene.instance)
    assert scene.otto_sees() == alone


def test_his_page_would_show_what_happens_in_his_thread(scene: Scene) -> None:
    """To test that something does not leak, make sure that something could."""
    alone = scene.otto_sees()
    scene.sits(scene.ottos, status="assessing", reply="We are looking.")
    shown, facts = scene.otto_sees()
    assert shown != alone[0] and facts != alone[1]
