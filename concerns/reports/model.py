"""Rows beside the releases: figures that leaders type in, annotations, and the board papers made of both."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, MainBase


class TypedFigure(MainBase):
    """A figure of the whole organisation from elsewhere, such as sickness, for one quarter or year."""

    __tablename__ = "typed_figure"

    #: one of `reading.figures.MEASURES`
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    #: "2026-Q3" or "2026"
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    #: in tenths
    tenths: Mapped[int] = mapped_column(Integer)
    typed_by: Mapped[bytes] = mapped_column(Id)
    typed_on: Mapped[dt.date] = mapped_column(Date)


class Annotation(MainBase):
    """What leaders expected to see in a period, and why: written before its numbers were frozen, never changed."""

    __tablename__ = "annotation"
    __table_args__ = (UNORDERED,)

    #: random
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: the period that it explains
    period: Mapped[str] = mapped_column(String(7), index=True)
    #: one of `reading.rules.EVENTS`
    event: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(200))
    #: "up" or "down": where flags were expected to go
    expected: Mapped[str] = mapped_column(String(4))
    #: the period by which that was expected to be over; empty where nobody said
    settles: Mapped[str] = mapped_column(String(7))
    written_by: Mapped[bytes] = mapped_column(Id)
    written_on: Mapped[dt.date] = mapped_column(Date)


class BoardDraft(MainBase):
    """What leaders typed for a board paper that is not frozen, or for its next version."""

    __tablename__ = "board_draft"

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    message: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(Text)
    changed: Mapped[str] = mapped_column(Text)
    learning: Mapped[str] = mapped_column(Text)


class BoardPaper(MainBase):
    """One frozen version of the board paper of a release. A later change makes a new version; none is ever changed."""

    __tablename__ = "board_paper"
    __table_args__ = (CheckConstraint("version > 0", name="counted"),)

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    frozen_on: Mapped[dt.date] = mapped_column(Date)
    frozen_by: Mapped[bytes] = mapped_column(Id)
    #: canonical JSON of the whole paper; released words stand in it by their id and hash alone, so that they can be withdrawn
    body: Mapped[bytes] = mapped_column(LargeBinary)
    #: SHA-256 of the body
    checksum: Mapped[bytes] = mapped_column(LargeBinary(32))
