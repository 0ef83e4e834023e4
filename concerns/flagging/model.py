"""Rows that stand between the report door and a flood: what was used up, codes for staff, and the door's own key.

All of them are in the live store, and in no backup. None says who used it, and a code that was used is no longer there.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, DateTime, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, LiveBase


class Spent(LiveBase):
    """A form stamp or a proof of work that was used: it works once, so it is remembered until it expires."""

    __tablename__ = "spent"
    __table_args__ = (UNORDERED,)

    #: SHA-256 of the stamp or the work
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    #: the end of its life, at most a day ahead: the finest time on the reporter's side, gone with the row
    expires: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), index=True)


class StaffCode(LiveBase):
    """A code that was printed and not used yet. Using it deletes the row."""

    __tablename__ = "staff_code"
    __table_args__ = (UNORDERED,)

    #: SHA-256 of the code's letters
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class DoorKey(LiveBase):
    """What stamps and challenges are signed with, so that every worker knows them. It opens nothing."""

    __tablename__ = "door_key"
    __table_args__ = (CheckConstraint("only_one = 1", name="only_one"),)

    only_one: Mapped[int] = mapped_column(Integer, primary_key=True, default=1)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
