"""Rows of what staff read back: the standing answer to each theme."""

import datetime as dt

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import MainBase


class Answer(MainBase):
    """The standing entry for a theme: what we already know, what we do. Dated by month only."""

    __tablename__ = "answer"

    theme_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    known: Mapped[str] = mapped_column(Text)
    doing: Mapped[str] = mapped_column(Text)
    #: the first day of the month it was last changed
    month: Mapped[dt.date] = mapped_column(Date)
