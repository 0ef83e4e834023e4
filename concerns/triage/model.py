"""Rows of briefs that an owner may read by a link, and of texts that wait for a second guardian. None leads to a flag."""

import datetime as dt

from sqlalchemy import Date, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, LiveBase


class Brief(LiveBase):
    """A brief sealed under a key that only its link holds; the row is gone after its last day."""

    __tablename__ = "brief"
    __table_args__ = (UNORDERED,)

    #: SHA-256 of the link's token
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    #: always of one size
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: a Sunday, the last day on which the link works
    expires_on: Mapped[dt.date] = mapped_column(Date, index=True)


class TextDraft(LiveBase):
    """A text that is to leave the desk, sealed to the guardians; the row is gone after its last day."""

    __tablename__ = "text_draft"
    __table_args__ = (UNORDERED,)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    #: the draft's own key, for the guardians who may read it: the box looks the same for one who may not
    key: Mapped[bytes] = mapped_column(LargeBinary)
    #: always of one size
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: a Sunday, the last day on which somebody may agree
    expires_on: Mapped[dt.date] = mapped_column(Date, index=True)
