"""What leaders’ pages may read and write: two lists of tables, kept by SQLite’s authorizer and PostgreSQL’s grants (D1)."""

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from concerns.store.session import Stores

#: what leaders and peers write themselves; nothing in it comes from a flag
WRITTEN = frozenset({
    *("response", "action", "promise_change", "peer_note"),
    *("typed_figure", "annotation", "board_draft", "board_paper"),
})  # fmt: skip
#: and frozen numbers, released texts, and what everybody may know. Everything else is refused, new tables too
RELEASED = WRITTEN | {
    *("release", "ledger_mark"),
    *("released_text", "answer"),
    *("organisation", "division", "area", "theme", "theme_set", "reading_day", "peer_term"),
    "charter_page",
}
_HARMLESS = frozenset({
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
    sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
_TABLES = text(
    "SELECT m.name, (SELECT name FROM pragma_table_info(m.name) LIMIT 1) FROM sqlite_master m WHERE m.type = 'table'"
)
_WAYS = (
    'SELECT 1 FROM "{table}"',
    'EXPLAIN INSERT INTO "{table}" DEFAULT VALUES',
    'EXPLAIN UPDATE "{table}" SET "{column}" = 1',
    'EXPLAIN DELETE FROM "{table}"',
)
# whoever may become another role may do what that one may
_ON_POSTGRES = text(
    """
    SELECT c.relname,
           bool_or(has_any_column_privilege(r.oid, c.oid, 'SELECT')),
           bool_or(has_any_column_privilege(r.oid, c.oid, 'INSERT')),
           bool_or(has_any_column_privilege(r.oid, c.oid, 'UPDATE')),
           bool_or(has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE'))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_roles r
    WHERE pg_has_role(r.oid, 'MEMBER') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    GROUP BY c.relname ORDER BY c.relname
    """
)


@dataclass(frozen=True)
class Rights:
    """What the connection of leaders' pages may do, as the database itself says."""

    #: whether it has a login of its own, or SQLite's authorizer
    apart: bool
    #: tables that leaders' pages need and cannot read or write
    lacking: tuple[str, ...]
    #: tables that it could read or write and must not
    beyond: tuple[str, ...]


def keep_to_released(engine: Engine) -> None:
    """Let every connection of an SQLite engine read the released tables and do nothing else."""
    event.listen(engine, "connect", lambda connection, _record: connection.set_authorizer(_authorize))


def rights(stores: "Stores") -> Rights:
    """Ask the database what leaders' pages may do there."""
    if stores.released.dialect.name == "sqlite":
        apart, rows = True, _on_sqlite(stores)
    else:
        apart = stores.released.pool is not stores.main.pool
        with stores.released.connect() as connection:
            rows = [tuple(row) for row in connection.execute(_ON_POSTGRES)]
    # of each table, whether it can be read, added to, changed and emptied
    read, added, changed, emptied = ({row[0] for row in rows if row[way]} for way in range(1, 5))
    lacking = (RELEASED - read) | (WRITTEN - (added & changed))
    beyond = (read - RELEASED) | ((added | changed) - WRITTEN) | emptied
    return Rights(apart, tuple(sorted(lacking)), tuple(sorted(beyond)))


def grants(role: str) -> str:
    """What the database's administrator runs in the main database after every upgrade. It may be run again and again."""
    name = '"' + role.replace('"', '""') + '"'
    return (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name};\n"
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name};\n"
        f"REVOKE ALL ON SCHEMA public FROM {name};\n"
        f"GRANT USAGE ON SCHEMA public TO {name};\n"
        f"GRANT SELECT ON\n    {_listed(RELEASED)}\n    TO {name};\n"
        f"GRANT INSERT, UPDATE ON\n    {_listed(WRITTEN)}\n    TO {name};\n"
    )


def _listed(tables: frozenset[str]) -> str:
    return ",\n    ".join(sorted(tables))


def _authorize(action: int, first: str | None, *_rest: Any) -> int:
    reads = action == sqlite3.SQLITE_READ and first in RELEASED
    writes = action in {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE} and first in WRITTEN
    return sqlite3.SQLITE_OK if action in _HARMLESS or reads or writes else sqlite3.SQLITE_DENY


def _on_sqlite(stores: "Stores") -> list[tuple[Any, ...]]:
    """Tried on each table, and not done: what is refused is refused before it begins."""
    with stores.main.connect() as connection:
        tables = [tuple(row) for row in connection.execute(_TABLES)]
    return [
        (table, *(_passes(stores.released, way.format(table=table, column=column)) for way in _WAYS))
        for table, column in tables
    ]


def _passes(engine: Engine, statement: str) -> bool:
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement).first()
    except DBAPIError:
        return False
    return True
