"""Rows of the gate: frozen releases, and what the database knows of the ledger."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import Id, MainBase


class Release(MainBase):
    """The frozen table of one period: the same bytes that stand in the ledger."""

    __tablename__ = "release"

    #: quarter, year or handling
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: "2026-Q3" or "2026"
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    frozen_on: Mapped[dt.date] = mapped_column(Date)
    #: the release as stored: canonical JSON with the signed, measured values
    body: Mapped[bytes] = mapped_column(LargeBinary)
    #: the ledger line that holds the same bytes
    line: Mapped[int] = mapped_column(Integer, unique=True)
    #: the ledger's head hash after that line
    head: Mapped[bytes] = mapped_column(LargeBinary(32))


class LedgerMark(MainBase):
    """Which ledger belongs to this database, and how far the database has followed it."""

    __tablename__ = "ledger_mark"
    __table_args__ = (CheckConstraint("only_one = 1", name="only_one"),)

    only_one: Mapped[int] = mapped_column(Integer, primary_key=True, default=1)
    ledger_id: Mapped[bytes] = mapped_column(Id)
    lines: Mapped[int] = mapped_column(Integer)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
