"""Which flags a guardian has read, and as of when: sealed to her alone, in one row for all of them."""

from collections.abc import Mapping
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
    thread, news = flag.facts.thread_id.hex()[:SHORT], changes.hash_of(flag.visible)
    with house.stores.read_main() as main:
        size = BASE + EACH * thread_count(main)

    def noted(before: bytes) -> bytes:
        read = _unpacked(before) | {thread: news}
        after = _packed(read)
        return after if shelf.fits(after, size) else _packed(_kept(house, read))

    with suppress(OperationalError):  # a store that is busy must not keep her from reading: it stays unread
        shelf.change(house.stores, owner, READ, size, noted)


def _kept(house: House, read: Mapping[str, str]) -> dict[str, str]:
    """Without the threads that are purged."""
    with house.stores.read_main() as main:
        there = {one.hex()[:SHORT] for one in thread_ids(main)}
    return {thread: news for thread, news in read.items() if thread in there}


def _packed(read: Mapping[str, str]) -> bytes:
    return b"".join(bytes.fromhex(thread + news) for thread, news in sorted(read.items()))


def _unpacked(packed: bytes) -> dict[str, str]:
    text = packed.hex()
    return {
        text[start : start + SHORT]: text[start + SHORT : start + 2 * SHORT] for start in range(0, len(text), 2 * SHORT)
    }
