"""Inserts a row unless it is there already, without an error that a database server would write into its log."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from concerns.store.base import LiveBase, MainBase


def insert_new(session: Session, model: type[LiveBase | MainBase], values: Mapping[str, Any]) -> bool:
    """Insert one row; False where a unique value of it is there already.

    PostgreSQL logs every refused duplicate with its key and the millisecond: that would tell when a flag came.
    """
    key = model.__mapper__.primary_key[0]
    done = session.execute(_insert(session, model, dict(values)).returning(key))
    return done.first() is not None


def _insert(session: Session, model: type[LiveBase | MainBase], values: dict[str, Any]) -> Any:
    # only the dialect in use is imported: each costs a worker of the report door some megabytes
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(model).values(values).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(model).values(values).on_conflict_do_nothing()
