"""How a flag was handled, as far as a close asks: read in the closing guardian's session, and fixed by the cut-off."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from concerns.disclosure.nodes import Handling
from concerns.disclosure.service import Window
from concerns.sealing.chain import Opened
from concerns.sealing.envelope import Kind
from concerns.sealing.opening import OpenedThread, open_threads
from concerns.sealing.saying import said
from concerns.store.session import Stores
from concerns.triage.owed import score_in
from concerns.triage.queries import facts_of, weeks_of
from concerns.triage.reading import Entry
from concerns.triage.rules import band

_WEEK = dt.timedelta(days=7)
_SEVERE = frozenset({"severe", "fatal"})

#: of some threads with the records that sort them
HowHandled = Callable[[Mapping[bytes, Sequence[Entry]]], Mapping[bytes, Handling]]


def handling_reader(
    stores: Stores, site_id: bytes, kem_seed: bytes, signers: Sequence[bytes], window: Window
) -> HowHandled:
    """What tells how the flags of a window were handled, many threads at a time."""

    def handled(records: Mapping[bytes, Sequence[Entry]]) -> Mapping[bytes, Handling]:
        ids = list(records)
        opened = open_threads(stores, site_id, ids, kem_seed, signers)
        with stores.read_main() as main:
            weeks = weeks_of(main, ids)
            told = {one.thread_id: one.week for one in facts_of(main, ids)}
        return {
            thread_id: how_handled(
                told[thread_id], records[thread_id], _additions(opened.get(thread_id), weeks, window), window
            )
            for thread_id in ids
            if thread_id in told  # not destroyed since it was read
        }

    return handled


def how_handled(
    week: dt.date, records: Sequence[Entry], additions: Sequence[Mapping[str, object]], window: Window
) -> Handling:
    """By what was written and said before the cut-off: later records and additions change nothing.

    `records` sort the flag, oldest first; `additions` are what its own reporter added, oldest first.
    """
    known = [record for record in records if record.day is not None and record.day <= window.triaged_by]
    last_day = week + _WEEK + dt.timedelta(days=window.days_to_answer)
    closing = [said(one, "again") for one in additions if said(one, "about") == "closing" and said(one, "again")]
    return Handling(
        severe=bool(known) and _severe(known[-1]),
        in_time=any(record.day is not None and record.day <= last_day for record in known),
        discouraged=any(said(one, "about") == "detriment" for one in additions) or closing[-1:] == ["no"],
    )


def _severe(record: Entry) -> bool:
    harmed = said(record.payload, "harm") in _SEVERE or said(record.payload, "psychological") in _SEVERE
    return harmed or band(score_in(record)) == "extreme"


def _additions(
    thread: OpenedThread | None, weeks: Mapping[bytes, dt.date], window: Window
) -> list[Mapping[str, object]]:
    """What the reporter herself signed, in her own order, in weeks that ended before the cut-off."""
    if thread is None:
        return []
    return [item.payload for item in thread.of_kind(Kind.DETAIL) if item.signer and _in_time(item, weeks, window)]


def _in_time(item: Opened, weeks: Mapping[bytes, dt.date], window: Window) -> bool:
    week = weeks.get(item.sealed.header.envelope_id)
    return week is not None and week + _WEEK <= window.triaged_by + dt.timedelta(days=1)
