"""Rows of statutory returns: sealed, one for each period."""

import datetime as dt

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import Id, MainBase


class StatutoryReturn(MainBase):
    """A return, half made or complete. Its figures stand in the box alone."""

    __tablename__ = "statutory_return"

    #: "2026-Q3"
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    first_id: Mapped[bytes] = mapped_column(Id)
    #: who completed it; null while it waits for her
    second_id: Mapped[bytes | None] = mapped_column(Id)
    #: when the first part was made: a part that nobody completes lapses
    begun_on: Mapped[dt.date] = mapped_column(Date)
    #: half made: what the first counted, sealed to the other guardians; complete: the totals, sealed to the two
    box: Mapped[bytes] = mapped_column(LargeBinary)
