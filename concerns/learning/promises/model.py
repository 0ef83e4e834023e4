"""Rows of what leaders promise. A change never overwrites: dates, states and reasons are in the changes alone."""

import datetime as dt

from sqlalchemy import Date, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, MainBase


class Response(MainBase):
    """A leader's answer to a theme, as it is drafted. Staff read it once two guardians have released it."""

    __tablename__ = "response"
    __table_args__ = (UNORDERED,)

    #: random
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    theme_code: Mapped[str] = mapped_column(String(20))
    heard: Mapped[str] = mapped_column(Text)
    known: Mapped[str] = mapped_column(Text)
    doing: Mapped[str] = mapped_column(Text)
    #: what was decided against, and why
    declined: Mapped[str] = mapped_column(Text)
    #: one of `rules.STAGES`
    stage: Mapped[str] = mapped_column(String(10))
    #: one of `rules.RETURNED`, or empty
    returned: Mapped[str] = mapped_column(String(10))
    #: the released text that it became; it is never a thread
    text_id: Mapped[bytes | None] = mapped_column(Id)


class Action(MainBase):
    """Something that leaders will do. Its owner is a role, never a person."""

    __tablename__ = "action"
    __table_args__ = (UNORDERED,)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: empty where it is for the whole organisation
    theme_code: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(Text)
    #: of `rules.TYPES` and `rules.STRENGTHS`
    type: Mapped[str] = mapped_column(String(16))
    strength: Mapped[str] = mapped_column(String(8))
    owner: Mapped[str] = mapped_column(String(120))
    exit_criteria: Mapped[str] = mapped_column(Text)
    #: in words for staff: what is done, until when it is enough, and why it was dropped; they may be reworded
    told_what: Mapped[str] = mapped_column(Text)
    told_until: Mapped[str] = mapped_column(Text)
    told_because: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(String(10))
    returned: Mapped[str] = mapped_column(String(10))


class PromiseChange(MainBase):
    """One step in the life of a promise, from its making on. Rows are added, never changed."""

    __tablename__ = "promise_change"
    __table_args__ = (UNORDERED,)

    promise_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: 1, 2, 3 …
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: one of `rules.CHANGES`
    what: Mapped[str] = mapped_column(String(10))
    day: Mapped[dt.date] = mapped_column(Date)
    #: the dates that hold from this change on
    due: Mapped[dt.date] = mapped_column(Date)
    review: Mapped[dt.date | None] = mapped_column(Date)
    #: why it was moved or dropped, which exit criteria were met, what was done, or how one knows that it worked
    because: Mapped[str] = mapped_column(Text)
    #: one of `rules.RESULTS` where somebody looked at it again, else empty
    result: Mapped[str] = mapped_column(String(10))
