"""Writes the tables anew, sorted by random id, so that no byte tells in which order rows came."""

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from concerns.store.session import BUSY_SECONDS, Stores, lock_timeout

# parents first; each is rewritten in the order of its primary key
MAIN_SIDE = ("thread", "envelope", "wrap", "thread_mark")
# a row that was deleted tells until then when that was: a code that was used, or a key that was destroyed
LIVE_SIDE = ("arrival", "shred_key", "contact_key", "taken_back", "spent", "staff_code", "shelf")
KEYS = {
    "thread": "id",
    "envelope": "id",
    "wrap": "envelope_id, kid",
    "arrival": "id",
    "shred_key": "thread_id",
    "contact_key": "thread_id",
    "taken_back": "thread_id",
    "spent": "hash",
    "staff_code": "hash",
    "thread_mark": "week",
    "shelf": "person_id, part, week",
}

TRIES, PAUSE = 50, 0.1
# shorter than PostgreSQL's own search for deadlocks (one second): then it is the rewrite that gives way, and no reporter
LOCK_TIMEOUT = "400ms"
ADVISORY_LOCK = 0x436F6E63
#: PostgreSQL's word for it
DISK_FULL = "53100"


class StoreBusy(Exception):
    """Somebody kept using a store all the time: nothing is lost, and the next run rewrites it."""


class StoreFull(StoreBusy):
    """There is no room to write a store anew: nothing is lost, and the next run rewrites it."""

    def __init__(self) -> None:
        super().__init__("There is no room to write a store anew. Nothing is lost: make room on its disk.")


@contextmanager
def one_at_a_time(stores: Stores) -> Iterator[None]:
    """Let one process collect at a time; the others wait, and then find nothing to do."""
    if stores.live.dialect.name == "sqlite":
        with Path(f"{stores.live.url.database}.collecting").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with stores.live.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(lock_timeout(0)))  # a collect of a large store takes its time
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        finally:
            connection.execute(text(lock_timeout(BUSY_SECONDS)))


def rewrite(stores: Stores) -> None:
    """Rewrite the reporter's side of both stores. Raises StoreBusy or StoreFull after both were tried."""
    trouble: StoreBusy | None = None
    for store in ((stores.main, MAIN_SIDE), (stores.live, LIVE_SIDE)):
        try:
            if not _rewritten(*store):
                trouble = trouble or StoreBusy()
        except StoreFull as full:
            trouble = full
    if trouble:
        raise trouble


def _rewritten(engine: Engine, tables: tuple[str, ...]) -> bool:
    write_anew = _vacuum if engine.dialect.name == "sqlite" else _copy_sorted
    for _attempt in range(TRIES):
        if write_anew(engine, tables):
            return True
        time.sleep(PAUSE)
    return False


def _vacuum(engine: Engine, tables: tuple[str, ...]) -> bool:
    connection: Any = engine.raw_connection()
    try:
        if tables == MAIN_SIDE:
            # the copy holds sealed bytes only, and could be large; that of the live store holds keys: in memory
            connection.execute("PRAGMA temp_store=FILE")
        connection.execute("VACUUM")
        # a checkpoint that waits would hold off every writer meanwhile: ask, and come back
        connection.execute("PRAGMA busy_timeout=0")
        # a busy checkpoint raises nothing: its answer row must be read
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            raise StoreFull from error
        return False
    else:
        return not busy
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.close()


def _copy_sorted(engine: Engine, tables: tuple[str, ...]) -> bool:
    try:
        with engine.begin() as transaction:
            _sort(transaction, tables)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == DISK_FULL:
            raise StoreFull from error
        return False
    return True


def _sort(transaction: Connection, tables: tuple[str, ...]) -> None:
    names = ", ".join(tables)
    transaction.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    # all at once and in one order: a lock that is made stronger half way waits for those who wait for it
    transaction.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    for table in tables:
        transaction.execute(text(f"CREATE TEMP TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table}"))  # noqa: S608 - our own names
    transaction.execute(text(f"TRUNCATE {names}"))
    for table in tables:
        transaction.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table} ORDER BY {KEYS[table]}"))  # noqa: S608
    if tables == MAIN_SIDE:
        # of a table that was emptied the planner knows nothing until the server comes round: it would read all of it
        transaction.execute(text(f"ANALYZE {names}"))
