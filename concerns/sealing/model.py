"""Rows of sealed things: threads, envelopes and wraps in main; arrivals, shred keys and what was taken back in live.

Whoever touches several live tables takes `arrival` first: the daily rewrite locks them in the order of `LIVE_SIDE`.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, LiveBase, MainBase

TIERS = ("open", "code", "imported", "told")


class Thread(MainBase):
    """A flag and all that follows in it. These columns are all that stands in clear about it."""

    __tablename__ = "thread"
    __table_args__ = (CheckConstraint("tier IN ('open', 'code', 'imported', 'told')", name="tier"), UNORDERED)

    #: random, never a sequence
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: SHA-256 of the look-up token that the receipt yields
    lookup_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: the Monday of the week of collection: no finer time exists
    week: Mapped[dt.date] = mapped_column(Date, index=True)
    #: how sure one can be that it came from staff
    tier: Mapped[str] = mapped_column(String(8))
    #: the Monday after which it is purged at the latest
    purge_week: Mapped[dt.date] = mapped_column(Date, index=True)


class Envelope(MainBase):
    """One sealed thing in a thread; see `envelope.py` for the format."""

    __tablename__ = "envelope"
    # one index for both questions: all of a thread, and all of a kind in a thread; one on kind alone misleads SQLite
    __table_args__ = (Index(None, "thread_id", "kind"), UNORDERED)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    thread_id: Mapped[bytes] = mapped_column(Id, ForeignKey("thread.id", ondelete="CASCADE"))
    #: 1 flag, 2 detail, 3 reply, 4 note, 5 triage record, 6 file, 7 status, 8 contact
    kind: Mapped[int] = mapped_column(SmallInteger)
    #: the Monday of the week of collection
    week: Mapped[dt.date] = mapped_column(Date)
    commit: Mapped[bytes] = mapped_column(LargeBinary(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Wrap(MainBase):
    """An envelope's data key for one recipient, sealed again under the thread's shred key."""

    __tablename__ = "wrap"
    __table_args__ = (UNORDERED,)

    envelope_id: Mapped[bytes] = mapped_column(Id, ForeignKey("envelope.id", ondelete="CASCADE"), primary_key=True)
    kid: Mapped[bytes] = mapped_column(Id, primary_key=True)
    w: Mapped[bytes] = mapped_column(LargeBinary)


class ThreadMark(MainBase):
    """Renewed whenever a thread of a week changes, so that an index need not compare every envelope. It tells no time."""

    __tablename__ = "thread_mark"
    __table_args__ = (UNORDERED,)

    #: the Monday of the week in which the threads were collected
    week: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    #: 16 random bytes
    mark: Mapped[bytes] = mapped_column(Id)


class Arrival(LiveBase):
    """An envelope that waits to be collected. Only these rows know that something came today."""

    __tablename__ = "arrival"
    __table_args__ = (
        CheckConstraint("(kind = 1) = (lookup_hash IS NOT NULL)", name="flags_have_lookup"),
        # how much waits is asked at a post, and must not read the bodies
        Index(None, "kind"),
        UNORDERED,
    )

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    thread_id: Mapped[bytes] = mapped_column(Id, index=True)
    kind: Mapped[int] = mapped_column(SmallInteger)
    #: of a flag only; UNIQUE, so that a double tap stores one flag
    lookup_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    #: of a flag only
    tier: Mapped[str | None] = mapped_column(String(8))
    commit: Mapped[bytes] = mapped_column(LargeBinary(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    #: kid[16] and stored wrap, one after the other (see `threads.pack`)
    wraps: Mapped[bytes] = mapped_column(LargeBinary)


class ShredKey(LiveBase):
    """Deleting this row makes every wrap of the thread useless, in every backup of main too."""

    __tablename__ = "shred_key"
    __table_args__ = (UNORDERED,)

    thread_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: 32 bytes; while it is being renewed more keys of 32 bytes, the newest one last (see `rekeying.py`)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class ContactKey(LiveBase):
    """The shred key of a thread's contact envelope alone: how a reporter can be reached is erased before the rest."""

    __tablename__ = "contact_key"
    __table_args__ = (UNORDERED,)

    thread_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class TakenBack(LiveBase):
    """A thread whose reporter asked for it to be gone. The next `collect` destroys its keys and its rows, and this one."""

    __tablename__ = "taken_back"
    __table_args__ = (UNORDERED,)

    thread_id: Mapped[bytes] = mapped_column(Id, primary_key=True)


class ShelfRow(LiveBase):
    """What one guardian keeps of the threads she can open, sealed to her alone; see `shelf.py`."""

    __tablename__ = "shelf"
    __table_args__ = (UNORDERED,)

    person_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: what it holds: cards, texts, what was read, what was learnt
    part: Mapped[str] = mapped_column(String(8), primary_key=True)
    #: the Monday of the threads' week; the first day of all for what belongs to no week
    week: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    #: 32 random bytes, drawn anew at each writing: the row's key comes from them
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
