"""The two declarative bases, and the column types every room shares."""

import secrets

from sqlalchemy import LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite tables on the reporter's side keep no rowid: a rowid is an order of arrival.
UNORDERED = {"sqlite_with_rowid": False}

Id = LargeBinary(16)


class MainBase(DeclarativeBase):
    """Tables of the main store: what lasts, and is backed up."""

    metadata = MetaData(naming_convention=NAMES)


class LiveBase(DeclarativeBase):
    """Tables of the live store: arrivals, shred keys, desk sessions. In no backup of main."""

    metadata = MetaData(naming_convention=NAMES)


def new_id() -> bytes:
    """16 random bytes. Never a sequence number: those tell the order of arrival."""
    return secrets.token_bytes(16)
