"""Which flags a guardian has read, and as of when: sealed to her alone, in one row for all of them."""

from bisect import bisect_left
from contextlib import suppress

from sqlalchemy.exc import OperationalError

from concerns.people.access import Visitor
from concerns.sealing import shelf
from concerns.sealing.shelf import ALWAYS, READ, Owner
from concerns.store.house import House
from concerns.triage.index import changes
from concerns.triage.index.card import SHORT
from concerns.triage.queries import thread_count, thread_ids
from concerns.triage.reading import Desk, Flag

#: bytes for each thread: the first of its id, and of the hash of what was seen of it
HALF = SHORT // 2
EACH = 2 * HALF
BASE = 1024


def was_read(house: House, owner: Owner) -> dict[str, str]:
    """What she last saw of each flag (a card's `news`), by the first digits of its thread's id."""
    return _unpacked(shelf.read(house.stores, owner, READ, [ALWAYS]).get(ALWAYS, b""))


def mark_read(house: House, desk: Desk, visitor: Visitor, flag: Flag) -> None:
    """Note, for her alone, that she has this flag before her as it is now."""
    owner = Owner(desk.site_id, visitor.person_id, visitor.kem_seed)
    thread, news = flag.facts.thread_id[:HALF], bytes.fromhex(changes.hash_of(flag.visible))
    with house.stores.read_main() as main:
        size = BASE + EACH * thread_count(main)

    def noted(before: bytes) -> bytes:
        after = with_news(before, thread, news)
        return after if shelf.fits(after, size) else _kept(house, after)

    with suppress(OperationalError):  # a store that is busy must not keep her from reading: it stays unread
        shelf.change(house.stores, owner, READ, size, noted)


def with_news(packed: bytes, thread: bytes, news: bytes) -> bytes:
    """The row's bytes with what was seen of one thread: they are in the order of the threads, so only its place is looked for."""
    places = range(0, len(packed), EACH)
    start = EACH * bisect_left(places, thread, key=lambda place: packed[place : place + HALF])
    end = start + EACH if packed[start : start + HALF] == thread else start
    return packed[:start] + thread + news + packed[end:]


def _kept(house: House, packed: bytes) -> bytes:
    """Without the threads that are purged."""
    with house.stores.read_main() as main:
        there = {one[:HALF] for one in thread_ids(main)}
    rows = (packed[start : start + EACH] for start in range(0, len(packed), EACH))
    return b"".join(row for row in rows if row[:HALF] in there)


def _unpacked(packed: bytes) -> dict[str, str]:
    text = packed.hex()
    return {
        text[start : start + SHORT]: text[start + SHORT : start + 2 * SHORT] for start in range(0, len(text), 2 * SHORT)
    }
