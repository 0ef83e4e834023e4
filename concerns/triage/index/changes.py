"""Sees from outside which threads changed since their cards were made, without opening any."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, Thread, Wrap
from concerns.store.session import Stores
from concerns.triage.index.card import State
from concerns.triage.queries import ThreadFacts
from concerns.triage.reading import GUARDIANS_WRITE

DIGITS = 16  # of a hash, in hex
#: ids in one statement
AT_ONCE = 500


@dataclass
class _Seen:
    facts: ThreadFacts
    ids: set[bytes] = field(default_factory=set)
    wrap: bytes = b""
    bodies: list[bytes] = field(default_factory=list)


def thread_counts(main: Session) -> dict[dt.date, int]:
    """How many threads each week has: everybody with the database can count them."""
    return dict(main.execute(select(Thread.week, func.count()).group_by(Thread.week)).all())


def written_today(stores: Stores) -> dict[bytes, set[bytes]]:
    """The envelopes of guardians that wait for `collect`, by thread: guardians see them at once."""
    kinds = [int(kind) for kind in GUARDIANS_WRITE]
    found: dict[bytes, set[bytes]] = {}
    with stores.read_live() as live:
        for thread_id, envelope_id in live.execute(
            select(Arrival.thread_id, Arrival.id).where(Arrival.kind.in_(kinds))
        ):
            found.setdefault(thread_id, set()).add(envelope_id)
    return found


def of_weeks(
    main: Session, weeks: Collection[dt.date], kid: bytes, arrived: dict[bytes, set[bytes]]
) -> dict[ThreadFacts, State]:
    """The state of every thread of these weeks, for whoever holds this key."""
    return _states(main, Thread.week.in_(list(weeks)), kid, arrived)


def of_threads(
    main: Session, thread_ids: Iterable[bytes], kid: bytes, arrived: dict[bytes, set[bytes]]
) -> dict[ThreadFacts, State]:
    """The same of single threads; one that is not collected yet is left out."""
    wanted = sorted(thread_ids)
    found: dict[ThreadFacts, State] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= _states(main, Thread.id.in_(wanted[start : start + AT_ONCE]), kid, arrived)
    return found


def hash_of(parts: Iterable[bytes]) -> str:
    """A short hash of ids, in whatever order they come."""
    return hashlib.sha256(b"".join(sorted(parts))).hexdigest()[:DIGITS]


def _states(
    main: Session, which: ColumnElement[bool], kid: bytes, arrived: dict[bytes, set[bytes]]
) -> dict[ThreadFacts, State]:
    threads: Sequence[tuple[bytes, dt.date, str]] = main.execute(
        select(Thread.id, Thread.week, Thread.tier).where(which)
    ).all()
    seen = {one[0]: _Seen(ThreadFacts(*one), set(arrived.get(one[0], ()))) for one in threads}
    joined = select(Envelope.thread_id, Envelope.id).join(Thread, Thread.id == Envelope.thread_id).where(which)
    for thread_id, envelope_id in main.execute(joined.where(Envelope.kind != int(Kind.CONTACT))):
        if thread_id in seen:
            seen[thread_id].ids.add(envelope_id)
    # her wrap of the flag is written anew when she joins, or steps back
    wraps = (
        select(Envelope.thread_id, Wrap.w)
        .join(Thread, Thread.id == Envelope.thread_id)
        .join(Wrap, Wrap.envelope_id == Envelope.id)
        .where(which, Envelope.kind == int(Kind.FLAG), Wrap.kid == kid)
    )
    for thread_id, wrap in main.execute(wraps):
        if thread_id in seen:
            seen[thread_id].wrap += hashlib.sha256(wrap).digest()
    for thread_id, body in _bodies(main, which):
        if thread_id in seen:
            seen[thread_id].bodies.append(body)
    return {one.facts: _state(one) for one in seen.values()}


def _bodies(main: Session, which: ColumnElement[bool]) -> Iterator[tuple[bytes, bytes]]:
    """The hash of each flag's body, which nobody writes anew: where it is another one, somebody changed what is stored."""
    joined = select(Envelope.thread_id).join(Thread, Thread.id == Envelope.thread_id)
    flags = joined.where(which, Envelope.kind == int(Kind.FLAG))
    if main.get_bind().dialect.name == "postgresql":
        for thread_id, body in main.execute(flags.add_columns(func.sha256(Envelope.body))):
            yield thread_id, body
        return
    # sixteen kilobytes each: never all of them at once
    streamed = flags.add_columns(Envelope.body).execution_options(yield_per=AT_ONCE)
    for thread_id, body in main.execute(streamed):
        yield thread_id, hashlib.sha256(body).digest()


def _state(seen: _Seen) -> State:
    news = hash_of(seen.ids)
    return State(hash_of([*seen.ids, seen.wrap, *seen.bodies]), news)
