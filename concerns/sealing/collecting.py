"""Arrivals become visible to guardians, in an order that tells nothing, and what was kept long enough is purged."""

import calendar
import datetime as dt

from sqlalchemy import DateTime, column, delete, select, table
from sqlalchemy.orm import Session

from concerns.sealing import marks, rekeying, shelf
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, ContactKey, Envelope, ShredKey, TakenBack, Thread, Wrap
from concerns.sealing.rewriting import StoreBusy, one_at_a_time, rewrite
from concerns.sealing.shredding import unpack
from concerns.store.house import week_of
from concerns.store.session import Stores

CHUNK = 200  # of envelopes with half a megabyte each, this many are in memory at once

#: the report door's own rows, of a room above this one: what was used, each until it could not be used again anyway
SPENT = table("spent", column("expires", DateTime(timezone=True)))

__all__ = ["StoreBusy", "collect", "purge_week", "rewrite", "waiting"]


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
    """Destroy what was taken back, move the arrivals into the main store, purge what is due, rewrite the tables.

    After it no order of arrival is left in bytes, and no key of a purged thread. Copied by id and committed, then
    deleted: a kill in between is mended by the next run. Idempotent.
    """
    week = week_of(today)
    with one_at_a_time(stores):
        _destroy(stores, _taken_back(stores))
        with stores.read_live() as live:
            waiting_ids = list(live.scalars(select(Arrival.id).order_by(Arrival.id)))
        for start in range(0, len(waiting_ids), CHUNK):
            _move(stores, waiting_ids[start : start + CHUNK], week, purge_week(week, latest_months))
        _destroy(stores, _due(stores, week))
        _forget_spent(stores, today)
        rekeying.renew_some(stores, rekeying.DAILY)
        rewrite(stores)


def _move(stores: Stores, ids: list[bytes], week: dt.date, purge: dt.date) -> None:
    with stores.read_live() as live:
        arrivals = list(live.scalars(select(Arrival).where(Arrival.id.in_(ids)).order_by(Arrival.id)))
    with stores.write_main() as main:
        gone = _copy(main, arrivals, week, purge)
    with stores.write_live() as live:
        live.execute(delete(Arrival).where(Arrival.id.in_(ids)))
        for table in (ShredKey, ContactKey):
            live.execute(delete(table).where(table.thread_id.in_(gone)))


def _forget_spent(stores: Stores, today: dt.date) -> None:
    with stores.write_live() as live:
        live.execute(delete(SPENT).where(SPENT.c.expires < dt.datetime.combine(today, dt.time(), dt.UTC)))


def _taken_back(stores: Stores) -> list[bytes]:
    with stores.read_live() as live:
        return list(live.scalars(select(TakenBack.thread_id).order_by(TakenBack.thread_id)))


def _due(stores: Stores, week: dt.date) -> list[bytes]:
    """The threads whose last week is over."""
    with stores.read_main() as main:
        return list(main.scalars(select(Thread.id).where(Thread.purge_week < week).order_by(Thread.id)))


def _destroy(stores: Stores, thread_ids: list[bytes]) -> None:
    """Destroy the keys of these threads first, then their rows; last what asked for it, so that a kill loses no request."""
    for start in range(0, len(thread_ids), CHUNK):
        some = thread_ids[start : start + CHUNK]
        with stores.read_main() as main:
            weeks = marks.weeks_of(main, some)
        with stores.write_live() as live:
            shelf.begin_forgetting(live)
            for table in (Arrival, ShredKey, ContactKey):
                live.execute(delete(table).where(table.thread_id.in_(some)))
            shelf.forget(live, weeks)
        with stores.write_main() as main:
            main.execute(delete(Thread).where(Thread.id.in_(some)))
            marks.renew(main, weeks)
            marks.drop_empty(main)
        with stores.write_live() as live:
            live.execute(delete(TakenBack).where(TakenBack.thread_id.in_(some)))


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
    marks.renew_for(main, {one.thread_id for one in fresh})
    return gone
