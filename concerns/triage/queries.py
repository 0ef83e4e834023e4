"""Finds threads by what stands in clear about them: their week, and whether there is a triage record."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, not_, or_, select
from sqlalchemy.orm import Session

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, Thread
from concerns.store.session import Stores

PAGE = 20
#: far more than there will ever be, and less than a store can count
LAST_PAGE = 100_000
#: how many of the newest sorted threads are looked into for a record that no guardian signed
LOOKED_INTO = 3 * PAGE


@dataclass(frozen=True)
class ThreadFacts:
    """What stands in clear about a collected thread."""

    thread_id: bytes
    week: dt.date
    tier: str


@dataclass(frozen=True)
class PageOfThreads:
    """One page of the inbox; whether there are more is all that is said about how many there are."""

    threads: tuple[ThreadFacts, ...]
    number: int
    more: bool


def page_of_threads(
    stores: Stores, only_new: bool, number: int, doubted: Collection[bytes] = frozenset()
) -> PageOfThreads:
    """The threads of one page, newest week first; within a week in the order of their random ids.

    New are those without a triage record, and the `doubted` ones, whose records no guardian signed.
    """
    query = select(Thread.id, Thread.week, Thread.tier).order_by(Thread.week.desc(), Thread.id)
    if only_new:
        query = query.where(or_(not_(_has_record(stores)), Thread.id.in_(doubted)))
    with stores.read_main() as main:
        rows = main.execute(query.limit(PAGE + 1).offset((number - 1) * PAGE)).all()
    facts = tuple(ThreadFacts(*row) for row in rows[:PAGE])
    return PageOfThreads(facts, number, len(rows) > PAGE)


def newest_with_record(stores: Stores) -> list[bytes]:
    """The newest threads with a triage record, whoever put it there: in clear nothing tells."""
    query = select(Thread.id).where(_has_record(stores)).order_by(Thread.week.desc(), Thread.id).limit(LOOKED_INTO)
    with stores.read_main() as main:
        return list(main.scalars(query))


def thread_facts(main: Session, thread_id: bytes) -> ThreadFacts | None:
    """One collected thread; None for one that waits for `collect`, or was purged."""
    row = main.get(Thread, thread_id)
    return None if row is None else ThreadFacts(row.id, row.week, row.tier)


def weeks_of(main: Session, thread_ids: Sequence[bytes]) -> dict[bytes, dt.date]:
    """The week of collection of each collected envelope of these threads, by envelope id."""
    rows = select(Envelope.id, Envelope.week).where(Envelope.thread_id.in_(thread_ids))
    return dict(main.execute(rows).all())


def _has_record(stores: Stores) -> ColumnElement[bool]:
    in_main = exists().where(Envelope.thread_id == Thread.id, Envelope.kind == int(Kind.TRIAGE))
    return or_(in_main, Thread.id.in_(_sorted_today(stores)))


def _sorted_today(stores: Stores) -> list[bytes]:
    with stores.read_live() as live:
        return list(live.scalars(select(Arrival.thread_id).where(Arrival.kind == int(Kind.TRIAGE)).distinct()))
