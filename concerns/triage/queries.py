"""Finds threads by what stands in clear about them: their week, and whether a guardian has sorted them yet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, Thread
from concerns.store.session import Stores

PAGE = 20


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


def page_of_threads(stores: Stores, only_new: bool, number: int) -> PageOfThreads:
    """The threads of one page, newest week first; within a week in the order of their random ids."""
    query = select(Thread.id, Thread.week, Thread.tier).order_by(Thread.week.desc(), Thread.id)
    if only_new:
        sorted_in_main = exists().where(Envelope.thread_id == Thread.id, Envelope.kind == int(Kind.TRIAGE))
        query = query.where(~sorted_in_main, Thread.id.not_in(_sorted_today(stores)))
    with stores.read_main() as main:
        rows = main.execute(query.limit(PAGE + 1).offset((number - 1) * PAGE)).all()
    facts = tuple(ThreadFacts(*row) for row in rows[:PAGE])
    return PageOfThreads(facts, number, len(rows) > PAGE)


def thread_facts(main: Session, thread_id: bytes) -> ThreadFacts | None:
    """One collected thread; None for one that waits for `collect`, or was purged."""
    row = main.get(Thread, thread_id)
    return None if row is None else ThreadFacts(row.id, row.week, row.tier)


def weeks_of(main: Session, thread_ids: Sequence[bytes]) -> dict[bytes, dt.date]:
    """The week of collection of each collected envelope of these threads, by envelope id."""
    rows = select(Envelope.id, Envelope.week).where(Envelope.thread_id.in_(thread_ids))
    return dict(main.execute(rows).all())


def _sorted_today(stores: Stores) -> list[bytes]:
    with stores.read_live() as live:
        return list(live.scalars(select(Arrival.thread_id).where(Arrival.kind == int(Kind.TRIAGE)).distinct()))
