"""Finds a PostgreSQL server for the tests, or starts one of their own where its programs are installed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url, text

from concerns.sealing.rewriting import LIVE_SIDE, MAIN_SIDE
from concerns.store.schema import METADATA, engines
from concerns.store.session import Stores, open_stores
from tests.browser.ports import free_port

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


@dataclass(frozen=True)
class Databases:
    """Addresses of the two databases of one test worker."""

    main: str
    live: str


@contextmanager
def postgres_databases(worker: str) -> Iterator[Databases | None]:
    """Two empty databases that are dropped afterwards; None without a server."""
    with _server() as server:
        if server is None:
            yield None
            return
        names = [f"concerns_test_{worker}_{os.getpid()}_{name}" for name in ("main", "live")]
        with psycopg.connect(server, autocommit=True) as admin:
            for name in names:
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                # no test pulls the plug of the machine: nobody waits for its disk
                admin.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))
            try:
                yield Databases(*(_named(server, name) for name in names))
            finally:
                for name in names:
                    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def emptied(databases: Databases) -> Stores:
    """Both stores with every table empty. Where rows lie is tested, so those tables begin with no page at all."""
    stores = open_stores(databases.main, databases.live)
    for name, engine in engines(stores).items():
        anew = MAIN_SIDE if name == "main" else LIVE_SIDE
        with engine.begin() as connection:
            for table in reversed(METADATA[name].sorted_tables):
                if table.name not in anew:  # ten times as quick as to truncate it
                    connection.execute(table.delete())
            connection.execute(text(f"TRUNCATE {', '.join(anew)}"))
    return stores


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _server() -> Iterator[str | None]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given or _answers(LOCAL):
        yield given or LOCAL
        return
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="concerns-pg-") as folder:
        yield from _own_cluster(binaries, Path(folder))


def _answers(address: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=30):
        return True
    return False


def _binaries() -> Path | None:
    beside = shutil.which("initdb")
    if beside:
        return Path(beside).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def _own_cluster(binaries: Path, folder: Path) -> Iterator[str]:
    # initdb refuses root
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    port = free_port()
    run = [*as_user, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N"]
    subprocess.run(run, check=True, capture_output=True, cwd=folder)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run(
        [*control, "-l", str(folder / "log"), "-o", options, "start"], check=True, capture_output=True, cwd=folder
    )
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
