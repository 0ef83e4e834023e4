"""Opens the two stores, on SQLite or PostgreSQL, with the settings that the design measured."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

from concerns.store.rights import keep_to_released

#: how long is waited for whoever writes, and for a database server that does not answer
BUSY_SECONDS, CONNECT_SECONDS = 30.0, 10
#: a connection that served within so many seconds is not asked whether it still does: a page opens twenty of them
TRUSTED_SECONDS = 5
#: for statements that fetch long bytes: PostgreSQL sends them as they are, where it would write them out in hex
AS_BYTES = {"as_bytes": True}
PAGE_SIZE = 32768  # 1,168-byte wraps overflow 4 kB pages: the file would be twice the size


@dataclass(frozen=True)
class Stores:
    """Two stores; a session belongs to one of them, and no transaction spans both.

    The `read_…` sessions must not change anything; the `write_…` sessions commit at the end of
    the `with` block, or roll back when it raises.
    """

    main: Engine
    live: Engine
    #: the main store as leaders' pages see it, kept to its tables by the database itself
    released: Engine

    def read_main(self) -> Session:
        return Session(self.main, expire_on_commit=False)

    def read_live(self) -> Session:
        return Session(self.live, expire_on_commit=False)

    def read_released(self) -> Session:
        return Session(self.released.execution_options(postgresql_readonly=True), expire_on_commit=False)

    def write_released(self) -> AbstractContextManager[Session]:
        """For what leaders and peers write themselves, beside what they read."""
        return _writing(self.released)

    def write_main(self) -> AbstractContextManager[Session]:
        return _writing(self.main)

    def write_live(self) -> AbstractContextManager[Session]:
        return _writing(self.live)

    def close(self) -> None:
        self.main.dispose()
        self.live.dispose()
        self.released.dispose()


def open_stores(main_url: str, live_url: str, released_url: str | None = None) -> Stores:
    """Open both stores; `released_url` is the login of leaders' pages on PostgreSQL.

    Parameters never appear in an error message: they may be secret.
    """
    main = _open(main_url)
    return Stores(main, _open(live_url), _released(main, main_url, released_url))


def _released(main: Engine, main_url: str, released_url: str | None) -> Engine:
    if main.dialect.name == "sqlite":
        engine = _open(main_url)
        keep_to_released(engine)
        return engine
    return _open(released_url) if released_url else main


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    # SQLite: immediate transactions wait for each other; deferred ones fail half way with "database is locked"
    with Session(engine.execution_options(sqlite_begin="IMMEDIATE"), expire_on_commit=False) as session:
        yield session
        session.commit()


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, hide_parameters=True, connect_args={"connect_timeout": CONNECT_SECONDS})
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", lambda connection, record, _proxy: _see_that_it_serves(engine, connection, record))
    event.listen(engine, "before_cursor_execute", _choose_format)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # a lock that nobody lets go of must not hold every thread of a door for good
    connection.execute(lock_timeout(BUSY_SECONDS))
    connection.commit()


def lock_timeout(seconds: float) -> str:
    """The statement that lets a connection to PostgreSQL wait so long for a lock; 0 is for ever."""
    return f"SET lock_timeout = {round(seconds * 1000)}"


def _note_the_time(_connection: Any, record: Any) -> None:
    record.info["served"] = time.monotonic()


def _see_that_it_serves(engine: Engine, connection: Any, record: Any) -> None:
    """Ask a connection that was idle for a while; where the server was started anew, all of them are opened again."""
    if time.monotonic() - record.info.get("served", 0.0) < TRUSTED_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _choose_format(_connection: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
    if context is not None and context.execution_options.get("as_bytes"):
        from psycopg.pq import Format  # ten megabytes that a process on SQLite never needs

        cursor.format = Format.BINARY


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where sqlite3 guesses
    for pragma in (
        f"page_size={PAGE_SIZE}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "cache_size=-1024",  # kilobytes for each connection of each thread: two megabytes each would add up
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
