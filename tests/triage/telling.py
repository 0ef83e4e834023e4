"""Rosa tells concerns straight into the stores, and reads what came back, without the pages of the other door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.sealing import receipt
from concerns.sealing.chain import next_link
from concerns.sealing.collecting import collect
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.excluding import excluded_kids, exclusions_in
from concerns.sealing.keys import Holder, kem_public
from concerns.sealing.opening import OpenedThread, open_thread
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import READ_AT_ONCE, deliver, find, load, open_all
from concerns.store.base import new_id
from tests.cast import Instance

TEXT = 'Two of us cover thirty beds at night. The call bells aren\'t answered "for an hour".\nIt is not safe.'
#: the smallest file that begins as a PNG does
PNG = {"type": "image/png", "data": to_text(b"\x89PNG\r\n\x1a\n" + bytes(20))}


@dataclass(frozen=True)
class Told:
    """A flag that Rosa told, with her receipt's keys."""

    instance: Instance
    keys: ReceiptKeys
    thread_id: bytes
    entropy: bytes

    @property
    def path(self) -> str:
        return f"/flags/{self.thread_id.hex()}"

    def opened(self) -> OpenedThread:
        """What Rosa's own key opens."""
        signers = self.instance.charter.manifest.signers
        found = open_thread(self.instance.stores, self.instance.site_id, self.thread_id, self.keys.kem_seed, signers)
        assert found is not None
        return found

    def rows(self, kinds: Sequence[Kind] = READ_AT_ONCE) -> list[Sealed]:
        """The envelopes of her thread, without files and contact where nobody names them."""
        found = load(self.instance.stores, self.instance.site_id, [self.thread_id], kinds)
        return found[self.thread_id]

    def detail(self, text: str, sign_seed: bytes | None = None, **said: str) -> Sealed:
        """Something Rosa adds, signed with her key unless another one is given."""
        opened = open_all(self.rows(), Holder(self.keys.kem_seed))
        own = [(one, payload) for one, payload in opened if one.header.kind is Kind.DETAIL]
        theirs = [one for one, _payload in opened if one.header.kind in (Kind.REPLY, Kind.STATUS)]
        payload = {"text": text, **said, **next_link(own, theirs[-1] if theirs else None)}
        return self._add(Kind.DETAIL, payload, sign_seed or self.keys.sign_seed)

    def photo(self, payload: Mapping[str, str] = PNG) -> Sealed:
        """A photo Rosa adds."""
        return self._add(Kind.FILE, payload)

    def _add(self, kind: Kind, payload: Mapping[str, Any], sign_seed: bytes | None = None) -> Sealed:
        manifest = self.instance.charter.manifest
        header = Header(kind, self.instance.site_id, self.thread_id, new_id())
        readers = [*manifest.kem_publics, kem_public(self.keys.kem_seed)]
        excluded = excluded_kids(self.opened().exclusions, manifest.kids)
        sealed = seal(header, payload, readers, sign_seed, excluded)
        assert deliver(self.instance.stores, [sealed])
        return sealed


def tell(
    instance: Instance,
    text: str = TEXT,
    collected: bool = True,
    *,
    exclude: Sequence[str] = (),
    contact: tuple[str, str] = ("", ""),
    tier: str = "open",
    **said: Any,
) -> Told:
    """One flag, as the report door seals it; `exclude` names guardians of the cast."""
    entropy = receipt.new_entropy()
    keys = receipt.derive(entropy, instance.site_id)
    payload: Mapping[str, Any] = {
        "text": text,
        "area": "ward-1",
        "worry": "very",
        "consent": "use",
        "danger": "no",
        "language": "en",
        "exclusions": [to_text(instance.guardian(name).person_id) for name in exclude],
        "kem": to_text(kem_public(keys.kem_seed)),
        "sign": to_text(sign_public(keys.sign_seed)),
        **said,
    }
    thread_id, manifest = new_id(), instance.charter.manifest
    readers = [*manifest.kem_publics, kem_public(keys.kem_seed)]
    excluded = excluded_kids(exclusions_in(payload), manifest.kids)
    sealed = [
        seal(Header(kind, instance.site_id, thread_id, new_id()), content, readers, excluded=excluded)
        for kind, content in ((Kind.FLAG, payload), (Kind.CONTACT, dict(zip(("wish", "how"), contact, strict=True))))
    ]
    assert deliver(instance.stores, sealed, keys.lookup_hash, tier)
    if collected:
        collect_now(instance)
    assert find(instance.stores, keys.lookup_hash) == thread_id
    return Told(instance, keys, thread_id, entropy)


def collect_now(instance: Instance) -> None:
    collect(instance.stores, instance.clock().date(), 12)
