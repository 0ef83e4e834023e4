"""Rows of the log, of the guardians' signatures under it, and of requests to read everybody's entries."""

import datetime as dt

from sqlalchemy import Date, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import Id, MainBase, new_id


class AuditRow(MainBase):
    """One entry: who did what on which day. Each covers the one before it, so that none can be changed or taken out."""

    __tablename__ = "audit_row"
    __table_args__ = (Index(None, "person_id", "n"), Index(None, "day", "person_id", "verb", "about"))

    #: 1, 2, 3 …
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[dt.date] = mapped_column(Date)
    person_id: Mapped[bytes] = mapped_column(Id)
    #: a code of `rules.VERBS`
    verb: Mapped[str] = mapped_column(String(12))
    #: what may be known of it in clear: a period, or the id of a staff user; empty for most
    about: Mapped[str] = mapped_column(String(32))
    #: random, or a keyed hash of what must not be entered twice
    item: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: sealed to guardians, or as many random bytes
    detail: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    #: SHA-256 over all of the above and the site
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(MainBase):
    """The newest entry that a guardian signed, at her last sign-in."""

    __tablename__ = "audit_head"

    person_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    day: Mapped[dt.date] = mapped_column(Date)
    #: the day of her first signature
    since: Mapped[dt.date] = mapped_column(Date)
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))


class AuditRequest(MainBase):
    """Somebody asks to read everybody's entries; once a guardian agrees, both may for a week."""

    __tablename__ = "audit_request"

    id: Mapped[bytes] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[bytes] = mapped_column(Id)
    day: Mapped[dt.date] = mapped_column(Date)
    #: sealed to the guardians
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    agreed_by: Mapped[bytes | None] = mapped_column(Id)
    agreed_on: Mapped[dt.date | None] = mapped_column(Date)
