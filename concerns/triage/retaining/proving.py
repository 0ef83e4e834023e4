"""Proof of deletion: what a guardian let go is remembered for her alone until nothing of it is left in either store."""

import datetime as dt
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from concerns.people.access import Visitor
from concerns.sealing import shelf
from concerns.sealing.letting_go import left_of, taken_back
from concerns.sealing.shelf import ALWAYS, DELETED, Owner
from concerns.store.house import House
from concerns.triage.reading import Desk

ID_BYTES = 16
#: her row has one size, however many she let go; of more than so many the first are not proven
SIZE = 16 * 1024
MOST_REMEMBERED = 1000


@dataclass(frozen=True)
class Proof:
    """What became of what she let go last."""

    #: when she did
    day: dt.date
    #: the next collect destroys the keys of so many
    waiting: int
    #: so many were looked for, and neither a row nor a key of them is left
    gone: int


@dataclass(frozen=True)
class _Remembered:
    day: int = 0
    gone: int = 0
    threads: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, payload: bytes) -> "_Remembered":
        ids = payload[8:]
        threads = tuple(ids[start : start + ID_BYTES] for start in range(0, len(ids), ID_BYTES))
        return cls(int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:8], "big"), threads)

    def __bytes__(self) -> bytes:
        return self.day.to_bytes(4, "big") + self.gone.to_bytes(4, "big") + b"".join(self.threads)


def remember(house: House, desk: Desk, visitor: Visitor, thread_ids: Collection[bytes]) -> None:
    """She lets these go now. What was all proven before is forgotten."""
    before = _settled(house, desk, visitor)
    today = house.today().toordinal()

    def noted(_stored: bytes) -> bytes:
        threads = tuple(dict.fromkeys((*before.threads, *thread_ids)))[-MOST_REMEMBERED:]
        return bytes(_Remembered(today, before.gone if before.threads else 0, threads))

    shelf.change(house.stores, _owner(desk, visitor), DELETED, SIZE, noted)


def proof(house: House, desk: Desk, visitor: Visitor) -> Proof | None:
    """What became of it, looked for in both stores now; None where she let nothing go yet."""
    found = _settled(house, desk, visitor)
    return Proof(dt.date.fromordinal(found.day), len(found.threads), found.gone) if found.day else None


def _settled(house: House, desk: Desk, visitor: Visitor) -> _Remembered:
    """What she remembers, with what is gone meanwhile as a number alone."""
    owner = _owner(desk, visitor)
    stored = shelf.read(house.stores, owner, DELETED, [ALWAYS]).get(ALWAYS, b"")
    known = _Remembered.read(stored)
    # in this order: what is destroyed in between counts as gone
    asked, left = taken_back(house.stores), left_of(house.stores, known.threads)
    # one that nobody lets go any more was added to by its reporter in the last moment: it stands in her list again
    now = _Remembered(
        known.day,
        known.gone + sum(one not in left for one in known.threads),
        tuple(one for one in known.threads if one in left and one in asked),
    )
    if now != known:
        with suppress(
            OperationalError
        ):  # a store that is busy must not keep the page from her: it is written next time
            shelf.change(house.stores, owner, DELETED, SIZE, lambda before: bytes(now) if before == stored else before)
    return now


def _owner(desk: Desk, visitor: Visitor) -> Owner:
    return Owner(desk.site_id, visitor.person_id, visitor.kem_seed)
