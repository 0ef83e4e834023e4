"""Finds threads by what stands in clear about them: their week, and whether there is a triage record."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, Thread
from concerns.store.session import Stores


@dataclass(frozen=True)
class ThreadFacts:
    """What stands in clear about a collected thread."""

    thread_id: bytes
    week: dt.date
    tier: str


def threads_after(
    stores: Stores, after: ThreadFacts | None, most: int, *, only_new: bool, doubted: Collection[bytes] = frozenset()
) -> list[ThreadFacts]:
    """The threads that follow one in the inbox: newest week first, within a week in the order of their random ids.

    New are those without a triage record, and the `doubted` ones, whose records sort nothing.
    """
    query = _from(after, most)
    if only_new:
        query = query.where(or_(not_(_has_record(stores)), Thread.id.in_(doubted)))
    return _facts(stores, query)


def with_record_after(stores: Stores, after: ThreadFacts | None, most: int) -> list[ThreadFacts]:
    """The same of the threads with a triage record, whoever put it there: in clear nothing tells."""
    return _facts(stores, _from(after, most).where(_has_record(stores)))


def thread_facts(main: Session, thread_id: bytes) -> ThreadFacts | None:
    """One collected thread; None for one that waits for `collect`, or was purged."""
    row = main.get(Thread, thread_id)
    return None if row is None else ThreadFacts(row.id, row.week, row.tier)


def weeks_of(main: Session, thread_ids: Sequence[bytes]) -> dict[bytes, dt.date]:
    """The week of collection of each collected envelope of these threads, by envelope id."""
    rows = select(Envelope.id, Envelope.week).where(Envelope.thread_id.in_(thread_ids))
    return dict(main.execute(rows).all())


def file_ids(main: Session, thread_id: bytes) -> list[bytes]:
    """The ids of a thread's collected files. Half a megabyte each: they are opened one by one, when asked for."""
    rows = select(Envelope.id).where(Envelope.thread_id == thread_id, Envelope.kind == int(Kind.FILE))
    return list(main.scalars(rows.order_by(Envelope.id)))


def _from(after: ThreadFacts | None, most: int) -> Select[bytes, dt.date, str]:
    query = select(Thread.id, Thread.week, Thread.tier).order_by(Thread.week.desc(), Thread.id).limit(most)
    if after is None:
        return query
    later = and_(Thread.week == after.week, Thread.id > after.thread_id)
    return query.where(or_(Thread.week < after.week, later))


def _facts(stores: Stores, query: Select[bytes, dt.date, str]) -> list[ThreadFacts]:
    with stores.read_main() as main:
        return [ThreadFacts(thread_id, week, tier) for thread_id, week, tier in main.execute(query)]


def _has_record(stores: Stores) -> ColumnElement[bool]:
    in_main = exists().where(Envelope.thread_id == Thread.id, Envelope.kind == int(Kind.TRIAGE))
    return or_(in_main, Thread.id.in_(_sorted_today(stores)))


def _sorted_today(stores: Stores) -> list[bytes]:
    with stores.read_live() as live:
        return list(live.scalars(select(Arrival.thread_id).where(Arrival.kind == int(Kind.TRIAGE)).distinct()))
