"""Arrivals become visible to guardians, in an order that tells nothing."""

import calendar
import datetime as dt
import time
from typing import Any

from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, ShredKey, Thread, Wrap
from concerns.sealing.shredding import unpack
from concerns.store.house import week_of
from concerns.store.session import Stores

# parents first; each is rewritten in the order of its primary key
REPORTER_SIDE = ("thread", "envelope", "wrap")
LIVE_SIDE = ("arrival", "shred_key")
KEYS = {"thread": "id", "envelope": "id", "wrap": "envelope_id, kid", "arrival": "id", "shred_key": "thread_id"}
CHECKPOINT_TRIES = 50
CHUNK = 500


class StoreBusy(Exception):
    """The write-ahead log could not be emptied because somebody kept reading: try again."""


def purge_week(week: dt.date, latest_months: int) -> dt.date:
    """The Monday of the last week in which a thread collected in this week is kept: within the promised months."""
    months = week.month - 1 + latest_months
    year, month = week.year + months // 12, months % 12 + 1
    last = dt.date(year, month, min(week.day, calendar.monthrange(year, month)[1]))
    return week_of(last) - dt.timedelta(weeks=1)


def waiting(stores: Stores) -> bool:
    """Whether anything has arrived. Never say how much."""
    with stores.read_live() as live:
        return live.scalar(select(Arrival.id).limit(1)) is not None


def collect(stores: Stores, today: dt.date, latest_months: int) -> None:
    """Move the arrivals into the main store, purge what is due, and rewrite the tables.

    After it no order of arrival is left in bytes, and no key of a purged thread. Copied by id and committed, then
    deleted: a kill in between is mended by the next run. Idempotent.
    """
    week = week_of(today)
    with stores.read_live() as live:
        arrivals = list(live.scalars(select(Arrival).order_by(Arrival.id)))
    if arrivals:
        with stores.write_main() as main:
            gone = _copy(main, arrivals, week, purge_week(week, latest_months))
        with stores.write_live() as live:
            live.execute(delete(Arrival).where(Arrival.id.in_([arrival.id for arrival in arrivals])))
            live.execute(delete(ShredKey).where(ShredKey.thread_id.in_(gone)))
    _purge(stores, week)
    rewrite(stores)


def _purge(stores: Stores, week: dt.date) -> None:
    """Destroy the shred keys of threads whose last week is over, then their rows."""
    with stores.read_main() as main:
        due = list(main.scalars(select(Thread.id).where(Thread.purge_week < week)))
    for start in range(0, len(due), CHUNK):
        some = due[start : start + CHUNK]
        with stores.write_live() as live:
            live.execute(delete(ShredKey).where(ShredKey.thread_id.in_(some)))
            live.execute(delete(Arrival).where(Arrival.thread_id.in_(some)))
        with stores.write_main() as main:
            main.execute(delete(Thread).where(Thread.id.in_(some)))


def rewrite(stores: Stores) -> None:
    """Write the reporter-side tables anew, sorted by random id, in both stores."""
    _rewrite(stores.main, REPORTER_SIDE)
    _rewrite(stores.live, LIVE_SIDE)


def _copy(main: Session, arrivals: list[Arrival], week: dt.date, purge: dt.date) -> list[bytes]:
    """Copy what is not there yet; returns the threads that were a second copy of a flag already collected."""
    ids = [arrival.id for arrival in arrivals]
    there = set(main.scalars(select(Envelope.id).where(Envelope.id.in_(ids))))
    flags = [arrival for arrival in arrivals if arrival.kind == Kind.FLAG and arrival.id not in there]
    lookups = [flag.lookup_hash for flag in flags]
    doubles = set(main.scalars(select(Thread.lookup_hash).where(Thread.lookup_hash.in_(lookups))))
    gone = [flag.thread_id for flag in flags if flag.lookup_hash in doubles]
    for flag in flags:
        if flag.thread_id not in gone:
            main.add(
                Thread(id=flag.thread_id, lookup_hash=flag.lookup_hash, week=week, tier=flag.tier, purge_week=purge)
            )
    main.flush()
    known = set(main.scalars(select(Thread.id).where(Thread.id.in_({arrival.thread_id for arrival in arrivals}))))
    fresh = [arrival for arrival in arrivals if arrival.id not in there and arrival.thread_id in known]
    for one in fresh:
        main.add(
            Envelope(id=one.id, thread_id=one.thread_id, kind=one.kind, week=week, commit=one.commit, body=one.body)
        )
    main.flush()
    for one in fresh:
        main.add_all(Wrap(envelope_id=one.id, kid=kid, w=w) for kid, w in unpack(one.wraps).items())
    return gone


def _rewrite(engine: Engine, tables: tuple[str, ...]) -> None:
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.execute("VACUUM")
            _empty_log(connection)
        finally:
            connection.close()
        return
    names = ", ".join(tables)
    with engine.begin() as transaction:
        # readers go on while the copy is made; nobody writes what the copy would miss
        transaction.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        for table in tables:
            transaction.execute(text(f"CREATE TEMP TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table}"))  # noqa: S608 - our own names
        transaction.execute(text(f"TRUNCATE {names}"))
        for table in tables:
            transaction.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table} ORDER BY {KEYS[table]}"))  # noqa: S608


def _empty_log(connection: Any) -> None:
    """Empty SQLite's write-ahead log. A busy checkpoint raises nothing: its answer row must be read."""
    for _attempt in range(CHECKPOINT_TRIES):
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not busy:
            return
        time.sleep(0.1)
    raise StoreBusy
