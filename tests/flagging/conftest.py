"""The report door of the founded rehearsal, and what its tests do again and again."""

from dataclasses import dataclass

import pytest

from concerns.flagging.admission import Admission
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.opening import OpenedThread, open_thread
from concerns.sealing.proof import content_hash
from concerns.sealing.receipt import derive, read_receipt
from concerns.sealing.signing import sign_public
from concerns.sealing.threads import deliver, find
from concerns.store.house import week_of
from concerns.triage.bundles import Thread, Work, seal_set
from tests.cast import Instance
from tests.police import Page, PoliceClient

TEXT = "Two of us cover thirty beds at night.\nThe call bells are not answered “for an hour”; it’s not safe."


#: leave to store a concern that uses nothing up
FREE = Admission("open", lambda _live: None)


@dataclass
class Rosa:
    """Rosa reports: she fills in the forms of the door as a browser without scripts would."""

    client: PoliceClient
    instance: Instance

    def check(self, text: str = TEXT, **answers: str) -> Page:
        """As far as the check page."""
        form = self.client.get("/tell")
        self.wait()
        return self.client.submit(form, {"text": text, **answers}, button="Continue", status=200)

    def wait(self) -> None:
        """A form that is younger than a minute is a machine's."""
        self.instance.clock.pass_(seconds=61)

    def stamp(self) -> bytes:
        """A form's stamp that is old enough."""
        stamp: str = self.client.client.application.extensions["concerns.gate"].stamp()
        self.wait()
        return stamp.encode()

    def send(self, page: Page, status: int = 200) -> Page:
        return self.client.submit(page, button="Send", status=status)

    def tell(self, text: str = TEXT, **answers: str) -> str:
        """The whole way; returns the nine words."""
        return words_on(self.send(self.check(text, **answers)))

    def open(self, words: str, status: int = 200) -> Page:
        return self.client.submit(self.client.get("/return"), {"receipt": words}, button="Open", status=status)

    def add(self, page: Page, text: str, status: int = 200) -> Page:
        return self.client.submit(page, {"text": text}, button="Send", status=status)

    def press(self, page: Page, button: str, status: int = 200, **answers: str) -> Page:
        """Fill in the form that has this button, and press it."""
        return self.client.submit(page, answers, button=button, status=status)


def words_on(page: Page) -> str:
    """The nine words of a receipt page."""
    (listed,) = page.with_class("concerns-receipt__words")
    found = " ".join((item.text or "").strip() for item in listed)
    read_receipt(found)
    return found


@pytest.fixture
def report(instance: Instance) -> PoliceClient:
    return PoliceClient(instance.report_app.test_client(), traceless=True)


@pytest.fixture
def rosa(report: PoliceClient, instance: Instance) -> Rosa:
    return Rosa(report, instance)


def thread_of(instance: Instance, words: str, guardian: str = "gita") -> OpenedThread:
    """The thread of these words, as a guardian opens it."""
    thread_id = find(instance.stores, derive(read_receipt(words), instance.site_id).lookup_hash)
    assert thread_id is not None
    seed = instance.guardian(guardian).kem_seed
    thread = open_thread(instance.stores, instance.site_id, thread_id, seed, instance.charter.manifest.signers)
    assert thread is not None
    return thread


def answer(instance: Instance, words: str, work: Work, guardian: str = "gita", sign_seed: bytes = b"") -> list[Sealed]:
    """A guardian sorts and replies; with `sign_seed` somebody else pretends to be her. Returns what was stored."""
    thread = thread_of(instance, words, guardian)
    seed = sign_seed or instance.guardian(guardian).sign_seed
    own = [(item.sealed, item.payload) for item in thread.items if item.signer == sign_public(seed)]
    newest = [*thread.of_kind(Kind.FLAG), *thread.of_kind(Kind.DETAIL)][-1].sealed
    manifest, today = instance.charter.manifest, instance.clock().date()
    task = Thread(
        instance.site_id,
        thread.thread_id,
        manifest.kem_publics,
        thread.reporter_kem,
        0,
        own,
        newest,
        thread.exclusions,
        manifest.kids,
        (week_of(today), content_hash(thread.flag, thread.reporter_sign)),
    )
    sealed = [one for one, _payload in seal_set(task, seed, work, instance.clock().date())]
    assert deliver(instance.stores, sealed)
    return sealed
