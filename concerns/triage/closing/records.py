"""Reads, for a close, the triage records that one guardian can open: whole chunks of threads at a time, and nothing else."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.disclosure.service import CountedFlag, Reader, Unopened, Window
from concerns.sealing.envelope import Kind, Sealed, signed_by
from concerns.sealing.excluding import exclusions_in
from concerns.sealing.keys import Holder
from concerns.sealing.model import Thread
from concerns.sealing.threads import load, open_all
from concerns.store.session import Stores
from concerns.triage.reading import only_looked

#: threads opened with one set of queries
CHUNK = 250

_Payload = Mapping[str, Any]


@dataclass(frozen=True)
class _Read:
    """What one thread holds of a kind of envelope, and what of it one key opens."""

    stored: int
    opened: Sequence[tuple[Sealed, _Payload]]


def first_week(main: Session) -> dt.date | None:
    """The earliest week of collection; it stands in clear."""
    return main.scalar(select(func.min(Thread.week)))


def reader_for(stores: Stores, site_id: bytes, kem_seed: bytes, signers: Sequence[bytes]) -> Reader:
    """What the gate asks for the flags of a window: those this key opens, signed by a guardian of the manifest."""

    def read(window: Window) -> Iterator[CountedFlag | Unopened]:
        for thread_id, found in _read(stores, site_id, kem_seed, _threads_until(stores, window), Kind.TRIAGE):
            flag = _counted_flag(thread_id, _dated(found, signers), window)
            if flag is not None:
                yield flag
            elif len(found.opened) < found.stored:
                yield Unopened(thread_id)

    return read


def count_untriaged(
    stores: Stores,
    site_id: bytes,
    kem_seed: bytes,
    signers: Sequence[bytes],
    last_day: dt.date,
    counted: frozenset[bytes],
    person_id: bytes,
) -> int:
    """How many flags collected by a day wait for their first triage record, among those that this key opens.

    A row says nothing by itself: a record counts once it was opened and found signed by a guardian of the manifest.
    What was ever counted was triaged, and is not opened again.
    """
    threads = _threads_until(stores, Window(last_day, dt.date.max, counted))
    records = _read(stores, site_id, kem_seed, threads, Kind.TRIAGE)
    waiting = [thread_id for thread_id, found in records if not _dated(found, signers)]
    flags = _read(stores, site_id, kem_seed, waiting, Kind.FLAG)
    # one that excludes her is not for her, even where its reporter's program had wrapped it for her
    return sum(any(person_id not in exclusions_in(flag) for _, flag in found.opened) for _, found in flags)


def _dated(found: _Read, signers: Sequence[bytes]) -> list[tuple[dt.date, _Payload]]:
    """The triage records that a guardian of the manifest signed, with their days."""
    sorting = [(sealed, payload) for sealed, payload in found.opened if not only_looked(payload)]
    signed = [payload for sealed, payload in sorting if _signed(sealed, payload, signers)]
    return [(day, record) for record in signed if (day := _day(record)) is not None]


def _counted_flag(thread_id: bytes, dated: Sequence[tuple[dt.date, _Payload]], window: Window) -> CountedFlag | None:
    """The flag's newest theme and area, where its first record is in time: that day is signed and never moves."""
    if not dated or min(day for day, _record in dated) > window.triaged_by:
        return None
    newest = max(dated, key=lambda pair: (pair[0], _number(pair[1], "turn"), _number(pair[1], "n")))[1]
    return CountedFlag(thread_id, _text(newest, "primary"), _text(newest, "area"))


def _threads_until(stores: Stores, window: Window) -> list[bytes]:
    query = select(Thread.id).where(Thread.week <= window.last_day).order_by(Thread.id)
    with stores.read_main() as main:
        return [thread_id for thread_id in main.scalars(query) if window.wants(thread_id)]


def _read(
    stores: Stores, site_id: bytes, kem_seed: bytes, thread_ids: Sequence[bytes], kind: Kind
) -> Iterator[tuple[bytes, _Read]]:
    """Thread by thread, loaded in chunks, what there is of one kind and what this key opens of it."""
    holder = Holder(kem_seed)
    for start in range(0, len(thread_ids), CHUNK):
        loaded = load(stores, site_id, thread_ids[start : start + CHUNK], [kind], holder.kid)
        for thread_id, rows in loaded.items():
            yield thread_id, _Read(len(rows), open_all(rows, holder))


def _signed(sealed: Sealed, payload: _Payload, signers: Sequence[bytes]) -> bool:
    return any(signed_by(sealed, payload, signer) for signer in signers)


# a guardian's own program may have put any JSON into a record: such a field says nothing, and stops no close


def _day(record: _Payload) -> dt.date | None:
    value = record.get("day")
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(record: _Payload, name: str) -> int:
    value = record.get(name)
    return value if isinstance(value, int) else 0


def _text(record: _Payload, name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) and value else None
