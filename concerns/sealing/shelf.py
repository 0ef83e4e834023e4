"""A guardian's shelf: what she keeps of the threads she can open, sealed to her alone, in rows that tell nothing.

The key of a row comes from her own KEM seed and the row's random salt, so that a hundred rows open within milliseconds.
A row has the size that its caller reckons from public counts. Where a thread is destroyed, every guardian's rows that
may hold a word of it go in the same transaction (`forget`), and no row can be written after it (`keep`).
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import delete, or_, select, text
from sqlalchemy.orm import Session

from concerns.sealing.model import ShelfRow, ShredKey
from concerns.sealing.shelf_row import (
    ALWAYS,
    CARDS,
    DELETED,
    LEARNT,
    LENGTH_BYTES,
    READ,
    TEXTS,
    Owner,
    Row,
    fits,
    opened_row,
    sealed_row,
)
from concerns.store.inserting import insert_or_replace
from concerns.store.session import AS_BYTES, Stores

__all__ = ["ALWAYS", "CARDS", "DELETED", "LEARNT", "LENGTH_BYTES", "READ", "TEXTS", "Owner", "Row", "fits"]

#: of READ and DELETED nothing is destroyed: they hold no word of a thread and no key, only which threads it was
HOLDS_WORDS = (CARDS, TEXTS)

AT_ONCE = 500  # ids in one statement
ADVISORY_LOCK = 0x53686C66


def read(stores: Stores, owner: Owner, part: str, weeks: Collection[dt.date] | None = None) -> dict[dt.date, bytes]:
    """Her rows of one part, by week; one that her key does not open, or that somebody changed, is as if it were not there."""
    with stores.read_live() as live:
        return _read(live, owner, part, weeks)


def keep(stores: Stores, owner: Owner, rows: Sequence[Row], threads: Collection[bytes]) -> bool:
    """Write these rows; what another request of hers wrote meanwhile is replaced.

    `threads` are all those of which the rows hold anything: where one of them was destroyed meanwhile, nothing is
    written and the answer is False. Raises ValueError for a payload that does not fit.
    """
    with stores.write_live() as live:
        _take_turns(live)
        if not _all_there(live, threads):
            return False
        _write(live, owner, sorted(rows, key=lambda row: (row.part, row.week)))
    return True


def change(stores: Stores, owner: Owner, part: str, size: int, how: Callable[[bytes], bytes]) -> None:
    """Change a row that belongs to no week, in one transaction, so that two requests at once lose nothing."""
    with stores.write_live() as live:
        _take_turns(live)
        before = _read(live, owner, part, [ALWAYS]).get(ALWAYS, b"")
        after = how(before)
        if after != before:
            _write(live, owner, [Row(part, ALWAYS, after, size)])


def begin_forgetting(live: Session) -> None:
    """Take turns with whoever writes a shelf. Called first in a transaction that destroys shred keys."""
    _take_turns(live)


def forget(live: Session, weeks: Collection[dt.date]) -> None:
    """Drop every guardian's rows that may hold a word of a thread of these weeks, and whatever was learnt."""
    of_weeks = ShelfRow.part.in_(HOLDS_WORDS) & ShelfRow.week.in_(list(weeks))
    live.execute(delete(ShelfRow).where(or_(of_weeks, ShelfRow.part == LEARNT)))


def clear(live: Session, person_id: bytes) -> None:
    """Drop a whole shelf, for somebody who is no guardian any more."""
    live.execute(delete(ShelfRow).where(ShelfRow.person_id == person_id))


def _read(live: Session, owner: Owner, part: str, weeks: Collection[dt.date] | None) -> dict[dt.date, bytes]:
    query = select(ShelfRow.week, ShelfRow.salt, ShelfRow.body)
    query = query.where(ShelfRow.person_id == owner.person_id, ShelfRow.part == part)
    if weeks is not None:
        query = query.where(ShelfRow.week.in_(list(weeks)))
    found = {}
    for week, salt, body in live.execute(query.execution_options(**AS_BYTES)):
        payload = opened_row(owner, part, week, salt, body)
        if payload is not None:
            found[week] = payload
    return found


def _write(live: Session, owner: Owner, rows: Sequence[Row]) -> None:
    insert_or_replace(live, ShelfRow, [sealed_row(owner, row) for row in rows])


def _take_turns(live: Session) -> None:
    """Until the end of this transaction. SQLite has one writer at a time anyway."""
    if live.get_bind().dialect.name == "postgresql":
        live.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _all_there(live: Session, threads: Collection[bytes]) -> bool:
    wanted = sorted(set(threads))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        if len(live.scalars(select(ShredKey.thread_id).where(ShredKey.thread_id.in_(some))).all()) < len(some):
            return False
    return True
