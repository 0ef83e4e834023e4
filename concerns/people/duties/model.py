"""Rows of the duties: reading days and leave (main), and which letter went out (live)."""

import datetime as dt

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, LiveBase, MainBase


class ReadingDay(MainBase):
    """A day on which guardians promised to read, from its morning on. Nothing about who came."""

    __tablename__ = "reading_day"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    #: whether any guardian signed in on it
    kept: Mapped[bool] = mapped_column(Boolean)


class Absence(MainBase):
    """A guardian's leave: the newest one only."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("first <= last", name="in_order"),)

    person_id: Mapped[bytes] = mapped_column(Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[dt.date] = mapped_column(Date)
    #: she is back on the day after
    last: Mapped[dt.date] = mapped_column(Date)


class Notice(LiveBase):
    """A letter to one person about one reading day: each goes out once, whoever of the processes sends it."""

    __tablename__ = "notice"
    __table_args__ = (UNORDERED,)

    #: one of `letters.LETTERS`
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    person_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: false where the mail server did not take it: the next round tries again
    sent: Mapped[bool] = mapped_column(Boolean)
