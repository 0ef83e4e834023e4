"""Connections to PostgreSQL: those that just served are trusted, those that were idle are asked first."""

from collections.abc import Iterator

import pytest
from psycopg.pq import Format
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError

from concerns.sealing import shelf
from concerns.sealing.shelf import TEXTS, Owner, Row
from concerns.store import session
from concerns.store.base import new_id
from concerns.store.session import AS_BYTES, Stores, open_stores
from tests.cluster import Databases

PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def postgres_stores(postgres: Databases | None) -> Iterator[Stores]:
    if postgres is None:
        pytest.skip("NO POSTGRESQL: connections were not tested")
    stores = open_stores(postgres.main, postgres.live)
    yield stores
    stores.close()


def cut_off(stores: Stores, idle: Engine) -> int:
    """The server ends the one idle connection of a pool, as when it is started anew; returns which one it was."""
    with idle.connect() as connection:
        pid = connection.scalar(PID)
    with stores.live.connect() as other:
        assert other.scalar(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": pid})
    return int(pid or 0)


def test_a_connection_that_was_idle_is_opened_again_after_a_restart(
    postgres_stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "TRUSTED_SECONDS", 0)
    pid = cut_off(postgres_stores, postgres_stores.main)
    with postgres_stores.read_main() as main:
        assert main.scalar(PID) != pid


def test_one_that_just_served_is_not_asked_and_fails_once_at_most(
    postgres_stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "TRUSTED_SECONDS", 3600)  # ending it may take a slow machine longer than the usual
    pid = cut_off(postgres_stores, postgres_stores.main)
    with postgres_stores.read_main() as main, pytest.raises(DBAPIError):
        main.scalar(PID)
    with postgres_stores.read_main() as main:
        assert main.scalar(PID) != pid


def test_long_bytes_come_as_they_are(postgres_stores: Stores) -> None:
    formats: list[Format] = []

    def note(_connection: object, cursor: object, *_rest: object) -> None:
        formats.append(getattr(cursor, "format"))  # noqa: B009 - psycopg's own, which SQLAlchemy does not name

    event.listen(postgres_stores.live, "after_cursor_execute", note)
    owner = Owner(new_id(), new_id(), bytes(range(32)))
    shelf.keep(postgres_stores, owner, [Row(TEXTS, shelf.ALWAYS, bytes(range(256)), 4096)], [])
    formats.clear()
    assert shelf.read(postgres_stores, owner, TEXTS) == {shelf.ALWAYS: bytes(range(256))}
    assert formats == [Format.BINARY]
    shelf_rows = select(text("1")).execution_options(**AS_BYTES)
    with postgres_stores.read_live() as live:
        assert live.scalar(shelf_rows) == 1
        assert live.scalar(select(text("1"))) == 1
    assert formats == [Format.BINARY, Format.BINARY, Format.TEXT]
    with postgres_stores.write_live() as live:
        shelf.clear(live, owner.person_id)
