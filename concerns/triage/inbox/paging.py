"""Fills a page of the inbox with threads that its guardian can open, as if there were no others.

A page cut from all threads would have nineteen rows where it hides one, and so tell that somebody excluded her.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind, Sealed, signed_by
from concerns.sealing.excluding import exclusions_in
from concerns.sealing.keys import Holder
from concerns.sealing.threads import load, open_all
from concerns.store.house import House
from concerns.triage.queries import ThreadFacts, threads_after, with_record_after
from concerns.triage.reading import Desk, only_looked

PAGE = 20
#: how many of the newest sorted threads are looked into for a record that sorts nothing
LOOKED_INTO = 3 * PAGE
#: threads looked into with one set of queries, and how often at most, so that no page takes for ever
CHUNK = 3 * PAGE
MOST_CHUNKS = 35

Ask = Callable[[ThreadFacts | None, int], list[ThreadFacts]]


@dataclass(frozen=True)
class PageOfThreads:
    """One page of the inbox; whether there are more is all that is said about how many there are."""

    threads: tuple[ThreadFacts, ...]
    #: nothing newer is left out
    newest: bool
    #: where the next page begins, for its address; None where there is nothing older
    older: str | None


def page_of_threads(
    house: House, desk: Desk, visitor: Visitor, *, only_new: bool, after: ThreadFacts | None
) -> PageOfThreads:
    """The page that follows a place, with as many threads as fit and this guardian can open."""
    doubted = unproven(house, desk, visitor) if only_new else frozenset()

    def ask(last: ThreadFacts | None, most: int) -> list[ThreadFacts]:
        return threads_after(house.stores, last, most, only_new=only_new, doubted=doubted)

    found: list[ThreadFacts] = []
    last = after
    for chunk in _chunks(ask, after):
        openable = _openable(house, desk, visitor, [one.thread_id for one in chunk], PAGE + 1 - len(found))
        found += [one for one in chunk if one.thread_id in openable]
        last = chunk[-1]
        if len(found) > PAGE:
            return PageOfThreads(tuple(found[:PAGE]), after is None, place_of(found[PAGE - 1]))
        if len(chunk) < CHUNK:
            return PageOfThreads(tuple(found), after is None, None)
    # nothing was left to look into, or so much that is not for her that she has to ask again
    older = place_of(last) if last is not None and ask(last, 1) else None
    return PageOfThreads(tuple(found), after is None, older)


def place_of(facts: ThreadFacts) -> str:
    """A thread's place in the inbox, as it stands in an address."""
    return f"{facts.week.isoformat()}.{facts.thread_id.hex()}"


def place_in(text: str) -> ThreadFacts | None:
    """The place in an address; None for anything odd. No row is looked up: any two places are answered alike."""
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9a-f]{32})", text)
    if found is None:
        return None
    try:
        week = dt.date.fromisoformat(found[1])
    except ValueError:
        return None
    return ThreadFacts(bytes.fromhex(found[2]), week, "")


def unproven(house: House, desk: Desk, visitor: Visitor) -> frozenset[bytes]:
    """Threads that have a triage record in clear but none that sorts it: no guardian signed one, or she only looked.

    Somebody would hide them from *New*. The newest ones only, so that a page never takes longer for the age of the
    service. A thread that this guardian cannot open has no place among them, or it would tell her of itself.
    """
    looked_into, found = 0, set()
    for chunk in _chunks(lambda after, most: with_record_after(house.stores, after, most), None):
        ids = [one.thread_id for one in chunk]
        sorted_ones = _sorted(house, desk, visitor, ids)
        doubted = [one for one in ids if one not in sorted_ones]
        openable = _openable(house, desk, visitor, doubted, len(doubted))
        for one in ids:
            if one not in sorted_ones and one not in openable:
                continue
            looked_into += 1
            if one in openable:
                found.add(one)
            if looked_into == LOOKED_INTO:
                return frozenset(found)
    return frozenset(found)


def _chunks(ask: Ask, after: ThreadFacts | None) -> Iterator[list[ThreadFacts]]:
    """Threads from a place on, some at a time; the work for one request is bounded."""
    for _chunk in range(MOST_CHUNKS):
        chunk = ask(after, CHUNK)
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1]


def _openable(house: House, desk: Desk, visitor: Visitor, ids: Sequence[bytes], most: int) -> Collection[bytes]:
    """The first of these threads whose flag this guardian's key opens, and which do not exclude her."""
    holder = Holder(visitor.kem_seed)
    found: set[bytes] = set()
    flags = load(house.stores, desk.site_id, ids, [Kind.FLAG], holder.kid)
    for one in ids:
        if len(found) == most:
            break
        if any(visitor.person_id not in exclusions_in(flag) for _sealed, flag in open_all(flags[one], holder)):
            found.add(one)
    return found


def _sorted(house: House, desk: Desk, visitor: Visitor, ids: Sequence[bytes]) -> Collection[bytes]:
    """Those of these threads with a record that she can open, that a guardian signed and that sorts."""
    holder, signers = Holder(visitor.kem_seed), desk.charter.manifest.signers
    records = load(house.stores, desk.site_id, ids, [Kind.TRIAGE], holder.kid)

    def sorts(sealed: Sealed, record: dict[str, object]) -> bool:
        return not only_looked(record) and any(signed_by(sealed, record, signer) for signer in signers)

    return {one for one in ids if any(sorts(*pair) for pair in open_all(records[one], holder))}
