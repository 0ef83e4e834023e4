"""Changes who can open what is stored already: wraps are added, replaced and deleted; bodies stay as they are.

Whoever collects at the same moment is waited for. Every verb may be repeated, so that one that broke off is mended.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from concerns.sealing import marks
from concerns.sealing.envelope import KEPT_SECRET, Header, Kind, NotForThisKey, Sealed, Tampered, rewrap, wrap_for
from concerns.sealing.keys import Holder, kid_of
from concerns.sealing.model import Arrival, ContactKey, Envelope, ShredKey, Wrap
from concerns.sealing.rewriting import one_at_a_time
from concerns.sealing.shredding import cover, new_shred_key, pack, unpack
from concerns.sealing.threads import load
from concerns.store.session import Stores

#: envelopes changed in one transaction: a reporter's post waits for no more than that
CHUNK = 400
#: everything that a thread holds, files and how to be reached among it
EVERYTHING = tuple(Kind)


@dataclass(frozen=True)
class _Row:
    """A stored envelope: what its wraps are bound to, and the key that covers them."""

    header: Header
    commit: bytes
    key: bytes

    def covered(self, kid: bytes, wrap: bytes) -> bytes:
        """A wrap as it is stored."""
        return cover(self.key, self.header.envelope_id, kid, wrap)

    def noise(self, public: bytes) -> bytes:
        """A stored wrap of 32 random bytes: only its recipient can tell it from one that opens."""
        return self.covered(
            kid_of(public), wrap_for(public, secrets.token_bytes(KEPT_SECRET), self.header, self.commit)
        )


#: shred keys by thread: for everything, and for contact envelopes
_Keys = tuple[Mapping[bytes, bytes], Mapping[bytes, bytes]]
Change = Callable[[_Row, dict[bytes, bytes]], Mapping[bytes, bytes]]


def fill_with_noise(stores: Stores, site_id: bytes, public: bytes) -> None:
    """Give every stored envelope that has no wrap for this key one that opens nothing."""
    kid = kid_of(public)

    def filled(row: _Row, wraps: dict[bytes, bytes]) -> Mapping[bytes, bytes]:
        return wraps if kid in wraps else {**wraps, kid: row.noise(public)}

    with one_at_a_time(stores):
        # arrivals last: what is sealed meanwhile is sealed under the new manifest
        while rows := _rows(stores, site_id, _lacking(kid).limit(CHUNK)):
            new = [{"envelope_id": row.header.envelope_id, "kid": kid, "w": row.noise(public)} for row in rows]
            with stores.write_main() as main:
                main.execute(insert(Wrap), new)
        _change_arrivals(stores, site_id, filled)


def drop(stores: Stores, site_id: bytes, kid: bytes) -> None:
    """Delete every wrap for this key, in both stores."""
    with one_at_a_time(stores):
        with stores.write_main() as main:
            main.execute(delete(Wrap).where(Wrap.kid == kid))
        _change_arrivals(stores, site_id, lambda _row, wraps: {one: w for one, w in wraps.items() if one != kid})


def shut_out(stores: Stores, site_id: bytes, thread_id: bytes, public: bytes) -> None:
    """Overwrite this recipient's wraps of one whole thread with such as open nothing: same rows, same lengths."""
    kid = kid_of(public)
    with one_at_a_time(stores):
        rows = _rows(stores, site_id, select(Envelope.id).where(Envelope.thread_id == thread_id))
        _overwrite(stores, thread_id, kid, {row.header.envelope_id: row.noise(public) for row in rows})
        _change_arrivals(stores, site_id, lambda row, wraps: wraps | {kid: row.noise(public)}, [thread_id])


def hand_over(stores: Stores, site_id: bytes, thread_ids: Collection[bytes], holder: Holder, public: bytes) -> None:
    """Let another recipient open whatever this holder opens in these threads; the rest is passed over in silence."""
    kid = kid_of(public)
    with one_at_a_time(stores):
        for thread_id in thread_ids:
            loaded = load(stores, site_id, [thread_id], EVERYTHING, holder.kid)[thread_id]
            opening = {one.header.envelope_id: wrap for one in loaded if (wrap := _rewrapped(one, holder, public))}
            rows = _rows(stores, site_id, select(Envelope.id).where(Envelope.thread_id == thread_id))
            ids = ((row, row.header.envelope_id) for row in rows)
            _overwrite(
                stores, thread_id, kid, {own: row.covered(kid, opening[own]) for row, own in ids if own in opening}
            )
            _change_arrivals(stores, site_id, _putting(kid, opening), [thread_id])


def lacks(main: Session, kids: Iterable[bytes]) -> bool:
    """Whether a stored envelope has no wrap for one of these keys."""
    return any(main.scalar(_lacking(kid).limit(1)) is not None for kid in kids)


def has_wraps(main: Session, kid: bytes) -> bool:
    """Whether any wrap for this key is left."""
    return main.scalar(select(Wrap.envelope_id).where(Wrap.kid == kid).limit(1)) is not None


def _rewrapped(sealed: Sealed, holder: Holder, public: bytes) -> bytes | None:
    try:
        return rewrap(sealed, holder, public)
    except (NotForThisKey, Tampered):
        return None


def _putting(kid: bytes, new: Mapping[bytes, bytes]) -> Change:
    def put(row: _Row, wraps: dict[bytes, bytes]) -> Mapping[bytes, bytes]:
        wrap = new.get(row.header.envelope_id)
        return wraps if wrap is None else {**wraps, kid: row.covered(kid, wrap)}

    return put


def _lacking(kid: bytes) -> Select[bytes]:
    has = exists().where(Wrap.envelope_id == Envelope.id, Wrap.kid == kid)
    return select(Envelope.id).where(~has).order_by(Envelope.id)


def _rows(stores: Stores, site_id: bytes, ids: Select[bytes]) -> list[_Row]:
    """The collected envelopes among these, without their bodies."""
    wanted = ids.subquery()
    columns = select(Envelope.id, Envelope.thread_id, Envelope.kind, Envelope.commit)
    with stores.read_main() as main:
        found = list(main.execute(columns.join(wanted, wanted.c.id == Envelope.id)))
    with stores.read_live() as live:
        keys = _keys(live, {thread_id for _id, thread_id, _kind, _commit in found})
    return [_row(site_id, own, thread_id, kind, commit, keys) for own, thread_id, kind, commit in found]


def _row(site_id: bytes, own: bytes, thread_id: bytes, kind: int, commit: bytes, keys: _Keys) -> _Row:
    """A stored envelope. What was erased or purged gets wraps as long as any other, under a key that nobody has."""
    key = keys[kind == Kind.CONTACT].get(thread_id) or new_shred_key()
    return _Row(Header(Kind(kind), site_id, thread_id, own), commit, key)


def _overwrite(stores: Stores, thread_id: bytes, kid: bytes, new: Mapping[bytes, bytes]) -> None:
    with stores.write_main() as main:
        marks.renew_for(main, [thread_id])
        for own, w in new.items():
            main.execute(update(Wrap).where(Wrap.envelope_id == own, Wrap.kid == kid).values(w=w))


def _change_arrivals(
    stores: Stores, site_id: bytes, change: Change, thread_ids: Collection[bytes] | None = None
) -> None:
    """Change the wraps of what waits to be collected: of these threads, or of all."""
    query = select(Arrival.id, Arrival.thread_id, Arrival.kind, Arrival.commit, Arrival.wraps).order_by(Arrival.id)
    if thread_ids is not None:
        query = query.where(Arrival.thread_id.in_(thread_ids))
    with stores.write_live() as live:
        arrivals = list(live.execute(query))
        keys = _keys(live, {arrival.thread_id for arrival in arrivals})
        for own, thread_id, kind, commit, wraps in arrivals:
            changed = change(_row(site_id, own, thread_id, kind, commit, keys), unpack(wraps))
            live.execute(update(Arrival).where(Arrival.id == own).values(wraps=pack(changed)))


def _keys(live: Session, thread_ids: Collection[bytes]) -> _Keys:
    """The shred keys of these threads, and those of their contact envelopes."""
    shred = select(ShredKey).where(ShredKey.thread_id.in_(thread_ids))
    contact = select(ContactKey).where(ContactKey.thread_id.in_(thread_ids))
    return (
        {row.thread_id: row.key for row in live.scalars(shred)},
        {row.thread_id: row.key for row in live.scalars(contact)},
    )
