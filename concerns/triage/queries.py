"""Finds threads and their envelopes by what stands in clear about them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.sealing.model import Envelope, Thread


@dataclass(frozen=True)
class ThreadFacts:
    """What stands in clear about a collected thread."""

    thread_id: bytes
    week: dt.date
    tier: str


def thread_facts(main: Session, thread_id: bytes) -> ThreadFacts | None:
    """One collected thread; None for one that waits for `collect`, or was purged."""
    row = main.get(Thread, thread_id)
    return None if row is None else ThreadFacts(row.id, row.week, row.tier)


def facts_of(main: Session, thread_ids: Sequence[bytes]) -> list[ThreadFacts]:
    """The collected threads among these."""
    rows = main.execute(select(Thread.id, Thread.week, Thread.tier).where(Thread.id.in_(thread_ids)))
    return [ThreadFacts(thread_id, week, tier) for thread_id, week, tier in rows]


class Collected(NamedTuple):
    """What stands in clear about a collected envelope."""

    thread_id: bytes
    id: bytes
    week: dt.date
    kind: int


def collected_in(main: Session, thread_ids: Sequence[bytes]) -> list[Collected]:
    """Every collected envelope of these threads."""
    rows = select(Envelope.thread_id, Envelope.id, Envelope.week, Envelope.kind)
    return [Collected(*row) for row in main.execute(rows.where(Envelope.thread_id.in_(thread_ids)))]


def weeks_of(main: Session, thread_ids: Sequence[bytes]) -> dict[bytes, dt.date]:
    """The week of collection of each collected envelope of these threads, by envelope id."""
    return {one.id: one.week for one in collected_in(main, thread_ids)}


def thread_ids(main: Session) -> list[bytes]:
    """The ids of all collected threads."""
    return list(main.scalars(select(Thread.id)))


def thread_count(main: Session) -> int:
    """How many threads are collected: everybody with the database can count them."""
    return main.scalar(select(func.count()).select_from(Thread)) or 0
