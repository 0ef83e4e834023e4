"""Threads that are due to be deleted go the way of those that their reporters took back, and what is left of them is looked for."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select, update

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, ContactKey, Envelope, ShredKey, TakenBack, Thread
from concerns.store.inserting import insert_new
from concerns.store.session import Stores


def let_go(stores: Stores, thread_ids: Collection[bytes]) -> None:
    """Mark threads that are due in the rows of what was taken back: nobody can tell who asked for it.

    One to which its reporter added something that nobody could read yet is left as it is.
    """
    own = [int(Kind.DETAIL), int(Kind.FILE)]
    with stores.write_live() as live:
        added = select(Arrival.thread_id).where(Arrival.thread_id.in_(list(thread_ids)), Arrival.kind.in_(own))
        for thread_id in sorted(set(thread_ids) - set(live.scalars(added))):
            insert_new(live, TakenBack, {"thread_id": thread_id})


def taken_back(stores: Stores) -> frozenset[bytes]:
    """The threads that the next `collect` destroys."""
    with stores.read_live() as live:
        return frozenset(live.scalars(select(TakenBack.thread_id)))


def left_of(stores: Stores, thread_ids: Collection[bytes]) -> frozenset[bytes]:
    """The threads among these of which a row or a key is left in either store."""
    asked, found = list(thread_ids), set[bytes]()
    with stores.read_live() as live:
        for table in (Arrival, ShredKey, ContactKey, TakenBack):
            found |= set(live.scalars(select(table.thread_id).where(table.thread_id.in_(asked))))
    with stores.read_main() as main:
        found |= set(main.scalars(select(Thread.id).where(Thread.id.in_(asked))))
        found |= set(main.scalars(select(Envelope.thread_id).where(Envelope.thread_id.in_(asked))))
    return frozenset(found)


def kept_until(stores: Stores, thread_id: bytes) -> dt.date | None:
    """The Monday of the last week in which a collected thread is kept; None for one that is gone."""
    with stores.read_main() as main:
        return main.scalar(select(Thread.purge_week).where(Thread.id == thread_id))


def keep_until(stores: Stores, thread_id: bytes, week: dt.date) -> None:
    """Set that week. It stands in clear: only what two guardians hold to may move it."""
    with stores.write_main() as main:
        main.execute(update(Thread).where(Thread.id == thread_id).values(purge_week=week))
