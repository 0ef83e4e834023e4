"""Opens the two stores, on SQLite or PostgreSQL, with the settings that the design measured."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
PAGE_SIZE = 32768  # 1,168-byte wraps overflow 4 kB pages: the file would be twice the size


@dataclass(frozen=True)
class Stores:
    """Two engines; a session belongs to one of them, and no transaction spans both.

    The `read_…` sessions must not change anything; the `write_…` sessions commit at the end of
    the `with` block, or roll back when it raises.
    """

    main: Engine
    live: Engine

    def read_main(self) -> Session:
        return Session(self.main, expire_on_commit=False)

    def read_live(self) -> Session:
        return Session(self.live, expire_on_commit=False)

    def write_main(self) -> AbstractContextManager[Session]:
        return _writing(self.main)

    def write_live(self) -> AbstractContextManager[Session]:
        return _writing(self.live)

    def close(self) -> None:
        self.main.dispose()
        self.live.dispose()


def open_stores(main_url: str, live_url: str) -> Stores:
    """Open both stores. Parameters never appear in an error message: they may be secret."""
    return Stores(_open(main_url), _open(live_url))


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
    return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)


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
