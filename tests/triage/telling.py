"""Rosa tells concerns straight into the stores, and reads what came back, without the pages of the other door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concerns.sealing import receipt
from concerns.sealing.chain import next_link
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.keys import Holder, kem_public
from concerns.sealing.opening import OpenedThread, open_thread
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import deliver, find, load, open_all
from concerns.store.base import new_id
from tests.cast import Instance

TEXT = 'Two of us cover thirty beds at night. The call bells aren\'t answered "for an hour".\nIt is not safe.'


@dataclass(frozen=True)
class Told:
    """A flag that Rosa told, with her receipt's keys."""

    instance: Instance
    keys: ReceiptKeys
    thread_id: bytes

    @property
    def path(self) -> str:
        return f"/flags/{self.thread_id.hex()}"

    def opened(self) -> OpenedThread:
        """What Rosa's own key opens."""
        signers = self.instance.charter.manifest.signers
        found = open_thread(self.instance.stores, self.instance.site_id, self.thread_id, self.keys.kem_seed, signers)
        assert found is not None
        return found

    def rows(self) -> list[Sealed]:
        return load(self.instance.stores, self.instance.site_id, [self.thread_id])[self.thread_id]

    def detail(self, text: str, sign_seed: bytes | None = None) -> Sealed:
        """Something Rosa adds, signed with her key unless another one is given."""
        opened = open_all(self.rows(), Holder(self.keys.kem_seed))
        own = [(one, payload) for one, payload in opened if one.header.kind is Kind.DETAIL]
        theirs = [one for one, _payload in opened if one.header.kind in (Kind.REPLY, Kind.STATUS)]
        header = Header(Kind.DETAIL, self.instance.site_id, self.thread_id, new_id())
        readers = [*self.instance.charter.manifest.kem_publics, kem_public(self.keys.kem_seed)]
        payload = {"text": text, **next_link(own, theirs[-1] if theirs else None)}
        sealed = seal(header, payload, readers, sign_seed or self.keys.sign_seed)
        assert deliver(self.instance.stores, [sealed])
        return sealed


def tell(instance: Instance, text: str = TEXT, collected: bool = True, **said: str) -> Told:
    """One flag, as the report door seals it."""
    keys = receipt.derive(receipt.new_entropy(), instance.site_id)
    payload: Mapping[str, Any] = {
        "text": text,
        "area": "ward-1",
        "worry": "very",
        "consent": "use",
        "danger": "no",
        "language": "en",
        "kem": to_text(kem_public(keys.kem_seed)),
        "sign": to_text(sign_public(keys.sign_seed)),
        **said,
    }
    header = Header(Kind.FLAG, instance.site_id, new_id(), new_id())
    sealed = seal(header, payload, [*instance.charter.manifest.kem_publics, kem_public(keys.kem_seed)])
    assert deliver(instance.stores, [sealed], keys.lookup_hash, "open")
    if collected:
        collect_now(instance)
    assert find(instance.stores, keys.lookup_hash) == header.thread_id
    return Told(instance, keys, header.thread_id)


def collect_now(instance: Instance) -> None:
    collect(instance.stores, instance.clock().date(), 12)
