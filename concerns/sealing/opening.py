"""A whole thread as one reader can open it, with what can be said of each of its envelopes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.sealing.chain import Opened, judge, missing_seen
from concerns.sealing.envelope import Header, Kind, NotForThisKey, Sealed, Tampered, data_key, open_with
from concerns.sealing.excluding import exclusions_of
from concerns.sealing.keys import PUBLIC_BYTES, Holder, kid_of
from concerns.sealing.model import Envelope, ShredKey, Wrap
from concerns.sealing.shredding import uncover
from concerns.sealing.text import from_text
from concerns.sealing.threads import load, open_all
from concerns.store.session import Stores


@dataclass(frozen=True)
class OpenedThread:
    """A flag and all that follows in it, as far as one key opens it."""

    thread_id: bytes
    #: the flag's payload
    flag: dict[str, Any]
    #: the reporter's own KEM public key, from inside the flag: the only one that replies are sealed to
    reporter_kem: bytes
    #: the reporter's own signing key, from inside the flag
    reporter_sign: bytes
    #: everything opened, in the order of each signer's chain
    items: tuple[Opened, ...]
    #: every envelope of the thread, opened or not
    rows: tuple[Sealed, ...]
    #: something that one side says it had seen is no longer there
    gap: bool

    def of_kind(self, *kinds: Kind) -> list[Opened]:
        return [item for item in self.items if item.kind in kinds]

    @property
    def exclusions(self) -> frozenset[bytes]:
        """The ids of the persons who must not read it."""
        return exclusions_of(self)


@dataclass(frozen=True)
class Looked:
    """What one key finds in some threads."""

    opened: Mapping[bytes, OpenedThread]
    #: the ids of those whose flag is for this key and cannot be opened: somebody changed what is stored
    damaged: frozenset[bytes]


def open_thread(
    stores: Stores, site_id: bytes, thread_id: bytes, kem_seed: bytes, guardian_signers: Sequence[bytes]
) -> OpenedThread | None:
    """One thread, or None where this key cannot open its flag."""
    return open_threads(stores, site_id, [thread_id], kem_seed, guardian_signers).get(thread_id)


def open_threads(
    stores: Stores, site_id: bytes, thread_ids: Collection[bytes], kem_seed: bytes, guardian_signers: Sequence[bytes]
) -> dict[bytes, OpenedThread]:
    """The threads among these whose flag this key opens: the others are counted as nothing."""
    return dict(look_into(stores, site_id, thread_ids, kem_seed, guardian_signers).opened)


def look_into(
    stores: Stores, site_id: bytes, thread_ids: Collection[bytes], kem_seed: bytes, guardian_signers: Sequence[bytes]
) -> Looked:
    """The same, and beside them the threads whose flag was sealed for this key and is not what was sealed.

    A key that was excluded holds noise in place of the data key, so it never gets as far: to it, and to one whose wrap
    or commitment somebody changed, the thread is as if it were not there.
    """
    loaded, holder = load(stores, site_id, thread_ids), Holder(kem_seed)
    opened, damaged = dict[bytes, OpenedThread](), set[bytes]()
    for thread_id, rows in loaded.items():
        try:
            opened[thread_id] = _open(thread_id, rows, holder, guardian_signers)
        except Exception:  # noqa: BLE001 - whatever somebody put into one thread, the others must still be read
            if any(_is_for(one, holder) for one in rows if one.header.kind is Kind.FLAG):
                damaged.add(thread_id)
    return Looked(opened, frozenset(damaged))


def _is_for(sealed: Sealed, holder: Holder) -> bool:
    """Whether this key holds the data key that an envelope is committed to, whatever became of its body."""
    try:
        dek = data_key(sealed, holder)
    except Exception:  # noqa: BLE001 - a wrap may be anything
        return False
    try:
        open_with(sealed, dek)
    except NotForThisKey:
        return False
    except Exception:  # noqa: BLE001 - a body too
        return True
    return True


def _open(thread_id: bytes, rows: Sequence[Sealed], holder: Holder, guardian_signers: Sequence[bytes]) -> OpenedThread:
    """The thread of the one flag that this key is for. Raises Tampered where there is none or another one as well."""
    opened = open_all(rows, holder)
    flags = [(sealed, payload) for sealed, payload in opened if sealed.header.kind is Kind.FLAG]
    others = [one for one in rows if one.header.kind is Kind.FLAG and all(one is not sealed for sealed, _ in flags)]
    if len(flags) != 1 or any(_is_for(one, holder) for one in others):
        raise Tampered
    kem, sign = reporter_keys(*flags[0])
    items = judge(opened, rows, guardian_signers, sign)
    return OpenedThread(thread_id, flags[0][1], kem, sign, tuple(items), tuple(rows), missing_seen(items, rows))


def reporter_keys(sealed: Sealed, payload: dict[str, Any]) -> tuple[bytes, bytes]:
    """The reporter's KEM and signing public keys, from inside the opened flag.

    Raises Tampered where they are malformed, or where the flag is not wrapped for that very key: then somebody
    changed the rows.
    """
    try:
        kem, sign = from_text(str(payload["kem"])), from_text(str(payload["sign"]))
    except (KeyError, ValueError) as error:
        raise Tampered from error
    if len(kem) != PUBLIC_BYTES or len(sign) != 32 or kid_of(kem) not in sealed.wraps:
        raise Tampered
    return kem, sign


def load_one(stores: Stores, site_id: bytes, thread_id: bytes, envelope_id: bytes, kid: bytes) -> Sealed | None:
    """One collected envelope with one recipient's wrap, body and all: for files, which are too big to be read together."""
    one = (stores, site_id, thread_id, envelope_id, kid)
    # its thread may have come under a new key between one store and the other
    return _load_one(*one) or _load_one(*one)


def _load_one(stores: Stores, site_id: bytes, thread_id: bytes, envelope_id: bytes, kid: bytes) -> Sealed | None:
    with stores.read_live() as live:
        key = live.get(ShredKey, thread_id)
    with stores.read_main() as main:
        row = main.get(Envelope, envelope_id)
        stored = main.get(Wrap, (envelope_id, kid))
    if key is None or row is None or stored is None or row.thread_id != thread_id:
        return None
    wrap = uncover(key.key, envelope_id, kid, stored.w)
    header = Header(Kind(row.kind), site_id, thread_id, envelope_id)
    return None if wrap is None else Sealed(header, row.commit, row.body, {kid: wrap})
