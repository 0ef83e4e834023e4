"""Inserts a row unless it is there already, without an error that a database server would write into its log."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from concerns.store.base import LiveBase, MainBase


def insert_new(session: Session, model: type[LiveBase | MainBase], values: Mapping[str, Any]) -> bool:
    """Insert one row; False where a unique value of it is there already.

    PostgreSQL logs every refused duplicate with its key and the millisecond: that would tell when a flag came.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = model.__mapper__.primary_key[0]
    done = session.execute(insert(model).values(dict(values)).on_conflict_do_nothing().returning(key))
    return done.first() is not None
