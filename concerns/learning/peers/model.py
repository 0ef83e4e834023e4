"""Rows of what peers ask and note: plain text, which leaders, guardians and peers read."""

import datetime as dt

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, MainBase


class PeerNote(MainBase):
    """A question or a note on a report, a promise or the whole; and a leader's answer."""

    __tablename__ = "peer_note"
    __table_args__ = (UNORDERED,)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    person_id: Mapped[bytes] = mapped_column(Id)
    #: the peer's name: it stays when her account is gone
    name: Mapped[str] = mapped_column(String(120))
    #: "report:2026-Q3", "promise:" and an id in hex, or empty for the whole
    about: Mapped[str] = mapped_column(String(80))
    #: one of `rules.KINDS`
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[dt.date] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(String(120))
    answered_on: Mapped[dt.date | None] = mapped_column(Date)
