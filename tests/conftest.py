"""Fixtures every room shares: both stores, and a founded rehearsal with its cast on each of them."""

import gc
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import settings
from sqlalchemy import insert, select

import config
from concerns import open_house
from concerns.founding.answers import Answers, answers_of
from concerns.founding.service import found
from concerns.people.signing_in import unlock
from concerns.sealing import passwords
from concerns.store.schema import METADATA, engines, migrate
from concerns.store.session import Stores, open_stores
from tests.argon import Remembering
from tests.cast import ANSWERS, FixedClock, Instance
from tests.cluster import Databases, emptied, postgres_databases
from tests.mirror import write_catalogue
from tests.quick import compile_addresses_when_asked, compile_statements_once

# an example may take its time: a machine that stands still for a moment is no fault of what is tested
settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def stretched_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cast signs in thousands of times: the same passphrase and salt are stretched once, except where it is measured."""
    if request.node.get_closest_marker("bench") is None:
        monkeypatch.setattr(passwords, "Argon2id", Remembering)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Each test has engines and apps of its own; what they compile is the same."""
    with pytest.MonkeyPatch.context() as patch:
        compile_statements_once(patch)
        compile_addresses_when_asked(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def nothing_old_is_looked_through() -> None:
    """The doors let go of what a refusal held by `gc.collect()`: it need not look through all that earlier tests left."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Iterator[Databases | None]:
    """Two empty, migrated databases of this worker, or None where there is no server and none can be started."""
    with postgres_databases(worker_id) as databases:
        if databases is not None:
            stores = open_stores(databases.main, databases.live)
            migrate(stores)
            stores.close()
        elif os.environ.get("CI"):
            pytest.fail("There is no PostgreSQL to test on: set TEST_DATABASE_URL or install the server.")
        yield databases


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both stores migrated and empty, to copy from."""
    folder = tmp_path_factory.mktemp("empty")
    stores = open_stores(f"sqlite:///{folder}/main.db", f"sqlite:///{folder}/live.db")
    migrate(stores)
    stores.close()
    return folder


@pytest.fixture(scope="session")
def answers() -> Answers:
    return answers_of(ANSWERS, Path())


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, answers: Answers) -> tuple[Path, dict[str, tuple[bytes, bytes]]]:
    """A folder with a founded rehearsal, to copy from, and its guardians' secrets."""
    folder = tmp_path_factory.mktemp("founded")
    settings = config.load(folder, {})
    config.write_secret(settings)
    house = open_house(settings, FixedClock())
    found(house, answers, rehearsal=True)
    secrets = {}
    for name in ("gita", "gwen"):
        unlocked = unlock(house, f"{name}@example.org", f"{name.capitalize()} keeps bees on the roof", None)
        assert unlocked.secret is not None
        secrets[name] = (unlocked.person_id, unlocked.secret)
    house.stores.close()
    return folder, secrets


@pytest.fixture
def environ_as_before() -> Iterator[None]:
    """Serving sets variables for the server that the process becomes; later tests of this process would read them."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(params=["sqlite", "postgres"])
def stores(
    request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path, postgres: Databases | None
) -> Iterator[Stores]:
    """Two empty stores, on SQLite and then on PostgreSQL."""
    opened = _open(request.param, tmp_path, empty_sqlite, postgres)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def instance(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> Iterator[Instance]:
    """A founded rehearsal, on SQLite and then on PostgreSQL."""
    with instance_on(request.param, tmp_path, founded, postgres) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def unfounded(request: pytest.FixtureRequest, tmp_path: Path, postgres: Databases | None) -> Iterator[Instance]:
    """What `concerns run` makes of an empty folder: stores and a secret, and no organisation."""
    where = {}
    if request.param == "postgres":
        if postgres is None:
            pytest.skip("NO POSTGRESQL: nothing that is stored was tested on it. Set TEST_DATABASE_URL.")
        emptied(postgres).close()
        where = {"DATABASE_URL": postgres.main, "LIVE_URL": postgres.live}
    (tmp_path / "instance").mkdir()
    settings, clock = config.load(tmp_path / "instance", where), FixedClock()
    config.write_secret(settings)
    opened = Instance(settings, clock, open_house(settings, clock), {})
    migrate(opened.stores)
    yield opened
    opened.close()


@contextmanager
def instance_on(
    kind: str,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Instance]:
    """A copy of the founded rehearsal on one kind of store, with these settings beside."""
    folder, secrets = founded
    directory = tmp_path / "instance"
    shutil.copytree(folder, directory)
    where = {}
    if kind == "postgres":
        _copy_rows(_open("sqlite", directory, None, None), _open("postgres", directory, None, postgres))
        assert postgres is not None
        where = {"DATABASE_URL": postgres.main, "LIVE_URL": postgres.live}
        for name in ("main.db", "live.db"):
            (directory / name).unlink()
    clock = FixedClock()
    settings = config.load(directory, {**environ, **where})
    opened = Instance(settings, clock, open_house(settings, clock), secrets)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the mirror language, made from the sources as they are."""
    return write_catalogue(tmp_path_factory.mktemp("translations"))


def _open(kind: str, folder: Path, template: Path | None, postgres: Databases | None) -> Stores:
    if kind == "sqlite":
        for name in ("main.db", "live.db"):
            if template is not None:
                shutil.copy(template / name, folder / name)
        return open_stores(f"sqlite:///{folder}/main.db", f"sqlite:///{folder}/live.db")
    if postgres is None:
        pytest.skip("NO POSTGRESQL: nothing that is stored was tested on it. Set TEST_DATABASE_URL.")
    return emptied(postgres)


def _copy_rows(source: Stores, target: Stores) -> None:
    for name, engine in engines(source).items():
        with engine.connect() as reading, engines(target)[name].begin() as writing:
            for table in METADATA[name].sorted_tables:
                rows = [dict(row._mapping) for row in reading.execute(select(table))]
                if rows:
                    writing.execute(insert(table), rows)
    source.close()
    target.close()


@pytest.fixture(autouse=True)
def quiet_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server's own log was given in an earlier test of this process would make every self-check fail.

    Left without propagation, such a log is also given pytest's own handlers before each test.
    """
    for name in ("gunicorn.access", "gunicorn.error", "uvicorn.access", "hypercorn.access"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
