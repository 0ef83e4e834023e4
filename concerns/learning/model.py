"""Rows of what staff and leaders read back: the standing answer to each theme, and the texts that guardians released."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, MainBase


class Answer(MainBase):
    """The standing entry for a theme: what we already know, what we do. Dated by month only."""

    __tablename__ = "answer"

    theme_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    known: Mapped[str] = mapped_column(Text)
    doing: Mapped[str] = mapped_column(Text)
    #: the first day of the month it was last changed
    month: Mapped[dt.date] = mapped_column(Date)


class ReleasedText(MainBase):
    """A text that two guardians released. Nothing in it leads to a flag, and it knows no day."""

    __tablename__ = "released_text"
    __table_args__ = (CheckConstraint("first_id <> second_id", name="two_people"), UNORDERED)

    #: random
    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: one of `rules.KINDS`
    kind: Mapped[str] = mapped_column(String(10), index=True)
    #: the release that it stands on ("2026-Q3"); empty where it stands on none
    period: Mapped[str] = mapped_column(String(7))
    #: a theme's code, or a group's name; empty where it is about the whole
    about: Mapped[str] = mapped_column(String(80))
    #: its parts as JSON; empty once it is withdrawn
    body: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the body, in hex
    hash: Mapped[str] = mapped_column(String(64))
    #: the version of the text check that it passed
    rules: Mapped[int] = mapped_column(SmallInteger)
    first_id: Mapped[bytes] = mapped_column(Id)
    second_id: Mapped[bytes] = mapped_column(Id)
    #: each guardian's signature under `rules.statement`
    first_signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    second_signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    #: the first day of the month in which the second one agreed
    month: Mapped[dt.date] = mapped_column(Date)
    #: the first day of the month in which it was taken out
    withdrawn: Mapped[dt.date | None] = mapped_column(Date)
