"""One row of anything in each table that is empty, so that a test sees whether it is destroyed."""

import datetime as dt
import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, func, insert, select
from sqlalchemy.types import String

from concerns.store.schema import METADATA, engines
from tests.cast import Instance

DAY = dt.date(2026, 11, 2)


def one_in_each(instance: Instance, names: Collection[str]) -> None:
    """A row in each of these tables that has none, whatever it says: the tables need not fit each other."""
    for name, engine in engines(instance.stores).items():
        with engine.begin() as connection:
            for table in METADATA[name].sorted_tables:
                if table.name in names and not connection.scalar(select(func.count()).select_from(table)):
                    values = {column.name: anything(column) for column in table.columns}
                    connection.execute(insert(table), [values])


def anything(column: Column[Any]) -> object:
    """A value that a column of this type takes."""
    kind = column.type
    if isinstance(kind, LargeBinary):
        return secrets.token_bytes(kind.length or 16)
    if isinstance(kind, String):
        return "invented"[: kind.length]
    if isinstance(kind, DateTime):
        return dt.datetime.combine(DAY, dt.time(), dt.UTC)
    by_type: dict[type, object] = {Date: DAY, Boolean: True, Integer: 1, JSON: {}}
    return next(value for one, value in by_type.items() if isinstance(kind, one))
