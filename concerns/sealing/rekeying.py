"""New shred keys for threads that are there already: an old copy of one store opens nothing beside a new one of the other.

Shred keys and wraps lie in two stores that no transaction spans. So a thread's new key is first put behind its old one
(`begin`): whatever is covered from then on is covered by the newest, and whoever reads tries each of them. Then the
stored wraps go under the newest key, and last the older ones are dropped, with the arrivals in the same transaction
(`go_on`). At each moment everything opens; what broke off is taken up again; what was purged meanwhile stays purged.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Update, bindparam, func, select, text, union_all, update
from sqlalchemy.orm import Session

from concerns.sealing import marks
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, ContactKey, Envelope, ShredKey, Thread, Wrap
from concerns.sealing.rewriting import one_at_a_time
from concerns.sealing.shredding import KEY_BYTES, covered_anew, new_shred_key, newest, pack, unpack
from concerns.store.session import Stores

#: threads in one request, and at the daily collect: each has some dozens of wraps
AT_ONCE, DAILY = 40, 1000

Keys = Mapping[type[ShredKey | ContactKey], Mapping[bytes, bytes]]
TABLES: tuple[type[ShredKey | ContactKey], ...] = (ShredKey, ContactKey)


def begin(stores: Stores) -> None:
    """Put a new key behind that of every thread that is collected, or waits to be. The rest is for `go_on`.

    May be repeated, also before an earlier round is done.
    """
    with one_at_a_time(stores):
        with stores.read_live() as live:
            ids = set(live.scalars(select(Arrival.thread_id).distinct()))
        with stores.read_main() as main:
            ids |= set(main.scalars(select(Thread.id)))
        with stores.write_live() as live:
            for table in TABLES:
                there = live.execute(select(table.thread_id, table.key).order_by(table.thread_id)).all()
                longer = [{"own": own, "its": key + new_shred_key()} for own, key in there if own in ids]
                _execute_all(live, _setting(table), longer)


def go_on(stores: Stores, most: int = AT_ONCE) -> bool:
    """Bring so many threads under their newest key; returns whether more are left. Cheap where there is nothing to do."""
    if not _begun(stores, 1):
        return False
    with one_at_a_time(stores):
        return renew_some(stores, most)


def renew_some(stores: Stores, most: int) -> bool:
    """The same for whoever has the turn already (`rewriting.one_at_a_time`)."""
    begun = _begun(stores, most + 1)
    some = begun[:most]
    if some:
        _cover_main(stores, some)
        _settle(stores, some)
    return len(begun) > most


def _begun(stores: Stores, most: int) -> list[bytes]:
    """Threads that have more than one key."""
    longer = [select(table.thread_id).where(func.length(table.key) > KEY_BYTES) for table in TABLES]
    with stores.read_live() as live:
        # a thread may stand in both tables: of twice as many rows so many are different
        found = live.scalars(union_all(*longer).limit(2 * most))
        return list(dict.fromkeys(found))[:most]


def _cover_main(stores: Stores, ids: Collection[bytes]) -> None:
    with stores.read_live() as live:
        keys = _keys(live, ids)
    wraps = (
        select(Wrap.envelope_id, Wrap.kid, Wrap.w, Envelope.kind, Envelope.thread_id)
        .join(Envelope, Envelope.id == Wrap.envelope_id)
        .where(Envelope.thread_id.in_(list(ids)))
        .order_by(Wrap.envelope_id, Wrap.kid)
    )
    with stores.write_main() as main:
        changed = []
        for own, kid, w, kind, thread_id in main.execute(wraps).all():
            anew = covered_anew(_key_of(keys, kind, thread_id), own, kid, w)
            if anew != w:
                changed.append({"own": own, "its": kid, "anew": anew})
        marks.renew_for(main, ids)
        one = update(Wrap).where(Wrap.envelope_id == bindparam("own"), Wrap.kid == bindparam("its"))
        _execute_all(main, one.values(w=bindparam("anew")), changed)


def _settle(stores: Stores, ids: Collection[bytes]) -> None:
    """Bring what waits to be collected under the newest keys, and drop the older ones, all at once."""
    with stores.write_live() as live:
        if live.get_bind().dialect.name == "postgresql":
            # whoever delivers has read a key, or reads it after this
            live.execute(text("LOCK TABLE arrival IN SHARE ROW EXCLUSIVE MODE"))
        keys = _keys(live, ids)
        waiting = select(Arrival.id, Arrival.thread_id, Arrival.kind, Arrival.wraps)
        for own, thread_id, kind, wraps in live.execute(waiting.where(Arrival.thread_id.in_(list(ids)))).all():
            key = _key_of(keys, kind, thread_id)
            anew = {kid: covered_anew(key, own, kid, w) for kid, w in unpack(wraps).items()}
            live.execute(update(Arrival).where(Arrival.id == own).values(wraps=pack(anew)))
        for table in TABLES:
            _execute_all(live, _setting(table), [{"own": own, "its": newest(key)} for own, key in keys[table].items()])


def _keys(live: Session, ids: Collection[bytes]) -> Keys:
    def of(table: type[ShredKey | ContactKey]) -> dict[bytes, bytes]:
        rows = select(table.thread_id, table.key).where(table.thread_id.in_(list(ids)))
        return dict(live.execute(rows).all())

    return {table: of(table) for table in TABLES}


def _key_of(keys: Keys, kind: int, thread_id: bytes) -> bytes:
    """Empty where it was purged, or erased."""
    return keys[ContactKey if kind == Kind.CONTACT else ShredKey].get(thread_id, b"")


def _setting(table: type[ShredKey | ContactKey]) -> Update:
    return update(table).where(table.thread_id == bindparam("own")).values(key=bindparam("its"))


def _execute_all(session: Session, statement: Any, rows: Iterable[Mapping[str, bytes]]) -> None:
    """One statement with many rows, straight on the connection: none of them is an object of this session."""
    listed = list(rows)
    if listed:
        session.connection().execute(statement, listed)
