"""Reads, for a close, the triage records that one guardian can open: whole chunks of threads at a time, and nothing else."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from concerns.disclosure.service import CountedFlag, Reader, Window
from concerns.sealing.envelope import Kind, Sealed, signed_by
from concerns.sealing.keys import Holder
from concerns.sealing.model import Arrival, Envelope, Thread
from concerns.sealing.threads import load, open_all
from concerns.store.session import Stores

#: threads opened with one set of queries
CHUNK = 250


def first_week(main: Session) -> dt.date | None:
    """The earliest week of collection; it stands in clear."""
    return main.scalar(select(func.min(Thread.week)))


def reader_for(stores: Stores, site_id: bytes, kem_seed: bytes, signers: Sequence[bytes]) -> Reader:
    """What the gate asks for the flags of a window: those this key opens, signed by a guardian of the manifest."""

    def read(window: Window) -> Iterator[CountedFlag]:
        for opened in _opened(stores, site_id, kem_seed, _threads_until(stores, window), Kind.TRIAGE):
            for thread_id, envelopes in opened.items():
                records = [payload for sealed, payload in envelopes if _signed(sealed, payload, signers)]
                flag = _counted_flag(thread_id, records, window)
                if flag is not None:
                    yield flag

    return read


def count_untriaged(stores: Stores, site_id: bytes, kem_seed: bytes, last_day: dt.date) -> int:
    """How many flags collected by a day wait for their first triage record, among those that this key opens."""
    record = int(Kind.TRIAGE)
    sorted_in_main = exists().where(Envelope.thread_id == Thread.id, Envelope.kind == record)
    with stores.read_live() as live:
        sorted_today = set(live.scalars(select(Arrival.thread_id).where(Arrival.kind == record)))
    with stores.read_main() as main:
        ids = main.scalars(select(Thread.id).where(Thread.week <= last_day, ~sorted_in_main).order_by(Thread.id))
        waiting = [thread_id for thread_id in ids if thread_id not in sorted_today]
    opened = _opened(stores, site_id, kem_seed, waiting, Kind.FLAG)
    return sum(bool(envelopes) for chunk in opened for envelopes in chunk.values())


def _counted_flag(thread_id: bytes, records: Sequence[Mapping[str, Any]], window: Window) -> CountedFlag | None:
    """The flag's newest theme and area, where its first record is in time: that day is signed and never moves."""
    dated = [(day, record) for record in records if (day := _day(record)) is not None]
    if not dated or min(day for day, _record in dated) > window.triaged_by:
        return None
    newest = max(dated, key=lambda pair: (pair[0], _number(pair[1], "turn"), _number(pair[1], "n")))[1]
    return CountedFlag(thread_id, _text(newest, "primary"), _text(newest, "area"))


def _threads_until(stores: Stores, window: Window) -> list[bytes]:
    query = select(Thread.id).where(Thread.week <= window.last_day).order_by(Thread.id)
    with stores.read_main() as main:
        return [thread_id for thread_id in main.scalars(query) if window.wants(thread_id)]


def _opened(
    stores: Stores, site_id: bytes, kem_seed: bytes, thread_ids: Sequence[bytes], kind: Kind
) -> Iterator[dict[bytes, list[tuple[Sealed, dict[str, Any]]]]]:
    """Chunk by chunk, what this key opens of one kind, by thread."""
    holder = Holder(kem_seed)
    for chunk in _chunks(thread_ids):
        loaded = load(stores, site_id, chunk, [kind], holder.kid)
        found: dict[bytes, list[tuple[Sealed, dict[str, Any]]]] = {thread_id: [] for thread_id in chunk}
        for sealed, payload in open_all((one for rows in loaded.values() for one in rows), holder):
            found[sealed.header.thread_id].append((sealed, payload))
        yield found


def _chunks(thread_ids: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (thread_ids[start : start + CHUNK] for start in range(0, len(thread_ids), CHUNK))


def _signed(sealed: Sealed, payload: Mapping[str, Any], signers: Sequence[bytes]) -> bool:
    return any(signed_by(sealed, payload, signer) for signer in signers)


def _day(record: Mapping[str, Any]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(record.get("day", "")))
    except ValueError:
        return None


def _number(record: Mapping[str, Any], name: str) -> int:
    value = record.get(name)
    return value if isinstance(value, int) else 0


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) and value else None
