"""Reads, for a close, the triage records that one guardian can open: whole chunks of threads at a time, and nothing else."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.disclosure.nodes import Handling
from concerns.disclosure.service import CountedFlag, Reader, Unopened, Window
from concerns.sealing.chain import Standing, guardian_signer
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.excluding import exclusions_in
from concerns.sealing.keys import Holder
from concerns.sealing.model import TakenBack, Thread
from concerns.sealing.saying import day_said, number_said, said
from concerns.sealing.threads import load, open_all
from concerns.store.session import Stores
from concerns.triage.acting.ours import not_ours
from concerns.triage.closing.handling import HowHandled, handling_reader
from concerns.triage.events.rules import event_in
from concerns.triage.reading import Entry

#: threads opened with one set of queries
CHUNK = 250


@dataclass(frozen=True)
class _Read:
    """What one thread holds of a kind of envelope, and what of it one key opens."""

    stored: int
    opened: Sequence[tuple[Sealed, Mapping[str, Any]]]


def first_week(main: Session) -> dt.date | None:
    """The earliest week of collection; it stands in clear."""
    return main.scalar(select(func.min(Thread.week)))


def reader_for(stores: Stores, site_id: bytes, kem_seed: bytes, signers: Sequence[bytes]) -> Reader:
    """What the gate asks for the flags of a window: those this key opens, signed by a guardian of the manifest."""

    def read(window: Window) -> Iterator[CountedFlag | Unopened]:
        handled = handling_reader(stores, site_id, kem_seed, signers, window) if window.days_to_answer else None
        counting: dict[bytes, _Written] = {}
        for thread_id, found in _read(stores, site_id, kem_seed, _threads_until(stores, window), Kind.TRIAGE):
            written = _signed(found, signers)
            if written.first_day is not None and written.first_day <= window.triaged_by:
                if not_ours(written) is None:
                    counting[thread_id] = written
            elif len(found.opened) < found.stored:
                yield Unopened(thread_id)
            if len(counting) == CHUNK:
                yield from _counted_flags(counting, handled)
                counting = {}
        yield from _counted_flags(counting, handled)

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
    waiting = [thread_id for thread_id, found in records if _signed(found, signers).first_day is None]
    flags = _read(stores, site_id, kem_seed, waiting, Kind.FLAG)
    # one that excludes her is not for her, even where its reporter's program had wrapped it for her
    return sum(any(person_id not in exclusions_in(flag) for _, flag in found.opened) for _, found in flags)


@dataclass(frozen=True)
class _Written:
    """What guardians of the manifest wrote in a thread's records, in its order."""

    entries: tuple[Entry, ...]

    @property
    def records(self) -> list[Entry]:
        """Those that sort the flag."""
        return [entry for entry in self.entries if not entry.looked]

    @property
    def first_day(self) -> dt.date | None:
        """When it was first sorted: that day is signed and never moves. None for a flag that waits for it."""
        return min((entry.day for entry in self.records if entry.day), default=None)


def _signed(found: _Read, signers: Sequence[bytes]) -> _Written:
    """The records that a guardian signed and that say a day. Whatever else they hold is taken as it comes."""
    signed = [
        Entry(sealed, Kind.TRIAGE, payload, Standing.PROVEN, signer.hex(), signer, day)
        for sealed, payload in found.opened
        if (day := day_said(payload)) is not None and (signer := guardian_signer(sealed, payload, signers)) is not None
    ]
    return _Written(tuple(sorted(signed, key=_place)))


def _place(entry: Entry) -> tuple[dt.date, int, int, str]:
    return entry.week, number_said(entry.payload, "turn"), number_said(entry.payload, "n"), entry.link


def _counted_flags(counting: Mapping[bytes, _Written], handled: HowHandled | None) -> Iterator[CountedFlag]:
    how = handled({thread_id: written.records for thread_id, written in counting.items()}) if handled else {}
    for thread_id, written in counting.items():
        # what was destroyed meanwhile was handled in no way, and counts no more
        if handled is None or thread_id in how:
            yield _counted_flag(thread_id, written, how.get(thread_id))


def _counted_flag(thread_id: bytes, written: _Written, handling: Handling | None) -> CountedFlag:
    """Where a flag counts: in its event's place, which was fixed at linking, or where it was sorted last."""
    event = event_in(entry.act for entry in written.entries)
    if event is not None:
        return CountedFlag(thread_id, event.primary, event.area, event.key, handling)
    newest = written.records[-1].payload
    return CountedFlag(thread_id, said(newest, "primary") or None, said(newest, "area") or None, handling=handling)


def _threads_until(stores: Stores, window: Window) -> list[bytes]:
    """The threads to look into. One that its reporter took back is gone for the gate, though its rows wait for `collect`."""
    query = select(Thread.id).where(Thread.week <= window.last_day).order_by(Thread.id)
    if window.first_week is not None:
        query = query.where(Thread.week >= window.first_week)
    with stores.read_live() as live:
        gone = frozenset(live.scalars(select(TakenBack.thread_id)))
    with stores.read_main() as main:
        return [thread_id for thread_id in main.scalars(query) if window.wants(thread_id) and thread_id not in gone]


def _read(
    stores: Stores, site_id: bytes, kem_seed: bytes, thread_ids: Sequence[bytes], kind: Kind
) -> Iterator[tuple[bytes, _Read]]:
    """Thread by thread, loaded in chunks, what there is of one kind and what this key opens of it."""
    holder = Holder(kem_seed)
    for start in range(0, len(thread_ids), CHUNK):
        loaded = load(stores, site_id, thread_ids[start : start + CHUNK], [kind], holder.kid)
        for thread_id, rows in loaded.items():
            yield thread_id, _Read(len(rows), open_all(rows, holder))
