"""Sealed envelopes go into the stores and come out again; the two doors use nothing lower than this."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from concerns.sealing.envelope import Header, Kind, NotForThisKey, Sealed, Tampered, open_for
from concerns.sealing.keys import Holder
from concerns.sealing.marks import renew
from concerns.sealing.model import Arrival, ContactKey, Envelope, ShredKey, TakenBack, Thread, Wrap
from concerns.sealing.rewriting import LIVE_SIDE
from concerns.sealing.shredding import cover, new_shred_key, pack, uncover, unpack
from concerns.store.inserting import insert_new
from concerns.store.session import AS_BYTES, Stores

#: everything that is read together; files and contacts are opened one by one, when somebody asks for them
READ_AT_ONCE = tuple(kind for kind in Kind if kind not in (Kind.FILE, Kind.CONTACT))


@dataclass(frozen=True)
class Bundle:
    """A whole thread to be stored at once, with the clear facts about it."""

    thread_id: bytes
    lookup_hash: bytes
    tier: str
    week: dt.date
    purge_week: dt.date
    sealed: Sequence[Sealed]


def deliver(
    stores: Stores,
    sealed: Sequence[Sealed],
    lookup_hash: bytes | None = None,
    tier: str | None = None,
    admit: Callable[[Session], None] = lambda _live: None,
) -> bool:
    """Store the envelopes of one thread among the arrivals, all or none.

    A flag comes with its look-up hash and tier. `admit` runs in the same transaction, and keeps everything out by
    raising: what it uses up is used up exactly when something was stored. Returns False, and stores nothing, where this
    very look-up or envelope is stored already: a double tap. Raises KeyError where the thread was purged meanwhile.
    """
    if lookup_hash is not None and known(stores, lookup_hash):
        return False
    try:
        with stores.write_live() as live:
            _arrive(live, sealed, lookup_hash, tier)
            admit(live)
    except _AlreadyThere:
        return False
    if lookup_hash is None:
        with stores.read_main() as main:
            # collected between the first tap and the second: `collect` drops the copy
            return main.get(Envelope, sealed[0].header.envelope_id) is None
    return True


class _AlreadyThere(Exception):
    """A unique value of an arrival is stored: the transaction is given up."""


def _arrive(live: Session, sealed: Sequence[Sealed], lookup_hash: bytes | None, tier: str | None) -> None:
    if live.get_bind().dialect.name == "postgresql":
        # the same order as the daily rewrite takes, or the two would wait for each other
        live.execute(text(f"LOCK TABLE {', '.join(LIVE_SIDE)} IN ROW EXCLUSIVE MODE"))
    thread_id = sealed[0].header.thread_id
    key = new_shred_key() if lookup_hash is not None else _shred_key(live, thread_id)
    contact_key = new_shred_key()
    for one in sealed:
        flag = one.header.kind is Kind.FLAG
        values = {
            "id": one.header.envelope_id,
            "thread_id": thread_id,
            "kind": int(one.header.kind),
            "lookup_hash": lookup_hash if flag else None,
            "tier": tier if flag else None,
            "commit": one.commit,
            "body": one.body,
            "wraps": pack(_covered(contact_key if one.header.kind is Kind.CONTACT else key, one)),
        }
        if not insert_new(live, Arrival, values):
            raise _AlreadyThere
    if lookup_hash is not None and not insert_new(live, ShredKey, {"thread_id": thread_id, "key": key}):
        raise _AlreadyThere
    # how to be reached is told with the flag, once: a second key would make the first one's envelope useless
    if any(one.header.kind is Kind.CONTACT for one in sealed) and not (
        lookup_hash is not None and insert_new(live, ContactKey, {"thread_id": thread_id, "key": contact_key})
    ):
        raise _AlreadyThere


def find(stores: Stores, lookup_hash: bytes) -> bytes | None:
    """The thread that a look-up hash belongs to, collected or not. Without its shred key, or taken back, it is gone."""
    thread_id = _stored(stores, lookup_hash)
    if thread_id is None:
        return None
    with stores.read_live() as live:
        gone = live.get(ShredKey, thread_id) is None or live.get(TakenBack, thread_id) is not None
    return None if gone else thread_id


def known(stores: Stores, lookup_hash: bytes) -> bool:
    """Whether this look-up hash is in use: a thread that was taken back keeps it until it is collected."""
    thread_id = _stored(stores, lookup_hash)
    if thread_id is None:
        return False
    with stores.read_live() as live:
        return live.get(ShredKey, thread_id) is not None


def _stored(stores: Stores, lookup_hash: bytes) -> bytes | None:
    # arrivals first: `collect` copies before it deletes, so this order misses nothing; main wins over a late double tap
    with stores.read_live() as live:
        arrived = live.scalar(select(Arrival.thread_id).where(Arrival.lookup_hash == lookup_hash))
    with stores.read_main() as main:
        return main.scalar(select(Thread.id).where(Thread.lookup_hash == lookup_hash)) or arrived


def take_back(stores: Stores, thread_id: bytes) -> None:
    """Mark a thread as taken back: from now on nobody finds it, and the next `collect` destroys it."""
    with stores.write_live() as live:
        insert_new(live, TakenBack, {"thread_id": thread_id})


def erase_contact(stores: Stores, thread_id: bytes) -> None:
    """Destroy the key of a thread's contact envelope: how its reporter can be reached is gone, the rest stays."""
    with stores.write_live() as live:
        live.execute(delete(ContactKey).where(ContactKey.thread_id == thread_id))


def load(
    stores: Stores,
    site_id: bytes,
    thread_ids: Collection[bytes],
    kinds: Collection[Kind] = READ_AT_ONCE,
    kid: bytes | None = None,
) -> dict[bytes, list[Sealed]]:
    """The envelopes of these threads, from both stores, in a number of queries that does not depend on how many.

    Files, half a megabyte each, and how to be reached are loaded only by whoever names their kinds. With `kid`, only that recipient's wraps are read. A wrap that its shred key does not open is left out.
    """
    found, whole = _load(stores, site_id, list(thread_ids), kinds, kid)
    # a thread may have come under a new key between one store and the other
    return found if whole else _load(stores, site_id, list(thread_ids), kinds, kid)[0]


def _load(
    stores: Stores, site_id: bytes, wanted: list[bytes], kinds: Collection[Kind], kid: bytes | None
) -> tuple[dict[bytes, list[Sealed]], bool]:
    """The envelopes, and whether their keys opened every wrap."""
    numbers = [int(kind) for kind in kinds]
    found: dict[bytes, list[Sealed]] = {thread_id: [] for thread_id in wanted}
    with stores.read_live() as live:
        arrivals = live.scalars(select(Arrival).where(Arrival.thread_id.in_(wanted), Arrival.kind.in_(numbers))).all()
        keys = {row.thread_id: row.key for row in live.scalars(select(ShredKey).where(ShredKey.thread_id.in_(wanted)))}
        contact_keys = _contact_keys(live, wanted) if Kind.CONTACT in kinds else {}
    with stores.read_main() as main:
        of_them = select(Envelope).where(Envelope.thread_id.in_(wanted), Envelope.kind.in_(numbers))
        rows = main.scalars(of_them.execution_options(**AS_BYTES)).all()
        wraps = _wraps(main, wanted, numbers, kid)
    stored: dict[bytes, tuple[Envelope | Arrival, Mapping[bytes, bytes]]] = {
        row.id: (row, wraps.get(row.id, {})) for row in rows
    }
    for arrival in arrivals:
        covered = unpack(arrival.wraps)
        stored.setdefault(arrival.id, (arrival, covered if kid is None else _only(covered, kid)))
    whole = True
    for row, covered_wraps in stored.values():
        key = (contact_keys if row.kind == Kind.CONTACT else keys).get(row.thread_id)
        if key is not None:
            sealed = _sealed(site_id, row, covered_wraps, key)
            whole = whole and len(sealed.wraps) == len(covered_wraps)
            found[row.thread_id].append(sealed)
    return found, whole


def open_all(sealed: Iterable[Sealed], holder: Holder) -> list[tuple[Sealed, dict[str, Any]]]:
    """What this key can open, with its payload; what it cannot, or what was tampered with, is left out."""
    opened = []
    for one in sealed:
        try:
            opened.append((one, open_for(one, holder)))
        except (NotForThisKey, Tampered):
            continue
    return opened


def store_threads(stores: Stores, bundles: Sequence[Bundle]) -> None:
    """Put whole threads straight into the main store, in the order of their random ids: for imports."""
    ordered = sorted(bundles, key=lambda bundle: bundle.thread_id)
    keys = {bundle.thread_id: new_shred_key() for bundle in ordered}
    contact_keys = {bundle.thread_id: new_shred_key() for bundle in ordered}
    sealed = sorted(((one, bundle) for bundle in ordered for one in bundle.sealed), key=_by_id)
    with stores.write_live() as live:
        for table, made in ((ShredKey, keys), (ContactKey, contact_keys)):
            live.execute(insert(table), [{"thread_id": thread_id, "key": key} for thread_id, key in made.items()])
    with stores.write_main() as main:
        renew(main, {bundle.week for bundle in ordered})
        main.execute(insert(Thread), [_thread_row(bundle) for bundle in ordered])
        main.execute(insert(Envelope), [_envelope_row(one, bundle.week) for one, bundle in sealed])
        main.execute(
            insert(Wrap),
            [
                {"envelope_id": one.header.envelope_id, "kid": kid, "w": w}
                for one, bundle in sealed
                for kid, w in sorted(_covered(_key_for(one, keys, contact_keys), one).items())
            ],
        )


def _contact_keys(live: Session, thread_ids: Collection[bytes]) -> dict[bytes, bytes]:
    return {
        row.thread_id: row.key for row in live.scalars(select(ContactKey).where(ContactKey.thread_id.in_(thread_ids)))
    }


def _by_id(pair: tuple[Sealed, Bundle]) -> bytes:
    return pair[0].header.envelope_id


def _thread_row(bundle: Bundle) -> dict[str, Any]:
    return {
        "id": bundle.thread_id,
        "lookup_hash": bundle.lookup_hash,
        "week": bundle.week,
        "tier": bundle.tier,
        "purge_week": bundle.purge_week,
    }


def _envelope_row(one: Sealed, week: dt.date) -> dict[str, Any]:
    header = one.header
    return {
        "id": header.envelope_id,
        "thread_id": header.thread_id,
        "kind": int(header.kind),
        "week": week,
        "commit": one.commit,
        "body": one.body,
    }


def _shred_key(live: Session, thread_id: bytes) -> bytes:
    row = live.get(ShredKey, thread_id)
    if row is None:
        raise KeyError("this thread was purged")
    return row.key


def _key_for(one: Sealed, keys: Mapping[bytes, bytes], contact_keys: Mapping[bytes, bytes]) -> bytes:
    return (contact_keys if one.header.kind is Kind.CONTACT else keys)[one.header.thread_id]


def _covered(key: bytes, one: Sealed) -> dict[bytes, bytes]:
    return {kid: cover(key, one.header.envelope_id, kid, wrap) for kid, wrap in one.wraps.items()}


def _wraps(
    main: Session, thread_ids: list[bytes], kinds: list[int], kid: bytes | None
) -> dict[bytes, dict[bytes, bytes]]:
    query = (
        select(Wrap.envelope_id, Wrap.kid, Wrap.w)
        .join(Envelope, Envelope.id == Wrap.envelope_id)
        .where(Envelope.thread_id.in_(thread_ids), Envelope.kind.in_(kinds))
    )
    if kid is not None:
        query = query.where(Wrap.kid == kid)
    found: dict[bytes, dict[bytes, bytes]] = {}
    for envelope_id, one_kid, w in main.execute(query.execution_options(**AS_BYTES)):
        found.setdefault(envelope_id, {})[one_kid] = w
    return found


def _only(covered: Mapping[bytes, bytes], kid: bytes) -> dict[bytes, bytes]:
    return {kid: covered[kid]} if kid in covered else {}


def _sealed(site_id: bytes, row: Envelope | Arrival, covered: Mapping[bytes, bytes], key: bytes) -> Sealed:
    header = Header(Kind(row.kind), site_id, row.thread_id, row.id)
    uncovered = {kid: uncover(key, row.id, kid, stored) for kid, stored in covered.items()}
    return Sealed(header, row.commit, row.body, {kid: wrap for kid, wrap in uncovered.items() if wrap is not None})
