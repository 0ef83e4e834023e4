"""Inserts a row unless it is there already, without an error that a database server would write into its log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from concerns.store.base import LiveBase, MainBase


def insert_new(session: Session, model: type[LiveBase | MainBase], values: Mapping[str, Any]) -> bool:
    """Insert one row; False where a unique value of it is there already.

    PostgreSQL logs every refused duplicate with its key and the millisecond: that would tell when a flag came.
    """
    key = model.__mapper__.primary_key[0]
    done = session.execute(_insert(session, model, dict(values)).returning(key))
    return done.first() is not None


def insert_or_replace(session: Session, model: type[LiveBase | MainBase], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or write them over those with the same keys: whoever comes last is kept."""
    if not rows:
        return
    keys = [column.name for column in model.__mapper__.primary_key]
    statement = _statement(session, model)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), [dict(row) for row in rows])


def _insert(session: Session, model: type[LiveBase | MainBase], values: dict[str, Any]) -> Any:
    return _statement(session, model).values(values).on_conflict_do_nothing()


def _statement(session: Session, model: type[LiveBase | MainBase]) -> Any:
    # only the dialect in use is imported: each costs a worker of the report door some megabytes
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(_table(model))
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(_table(model))


def _table(model: type[LiveBase | MainBase]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError("a row is written into a table")
    return table
