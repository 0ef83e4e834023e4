"""The file of a copy: an SQLite database with the tables of a store as they are, and a table that says what it is.

The same shape from SQLite and from PostgreSQL, so that a copy of one can be restored to the other.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.exc import DatabaseError

#: in the first bytes of the file: "Conc"
APPLICATION = 0x436F6E63
CHUNK = 500

_ABOUT = Table("about_this_copy", MetaData(), Column("name", String, primary_key=True), Column("value", String))
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
#: tables of a copy that are no tables of a store's rooms
NOT_COPIED = frozenset({_ABOUT.name, _VERSION.name})

Rows = Iterable[Mapping[str, Any]]


class CopyRefused(Exception):
    """This file cannot be restored here, or the copy cannot be made; the message says why and what to do."""


def part_of(file: Path) -> Path:
    """Where a copy is written until it is whole."""
    return file.with_name(f"{file.name}.part")


@contextmanager
def all_or_none(files: Collection[Path]) -> Iterator[None]:
    """What the block writes to the parts of these files comes under their names together, at its end, or not at all.

    A kill between two of the names is noticed when they are put back: the files of one copy say so.
    """
    try:
        yield
        there = [file for file in files if part_of(file).exists()]
        for file in there:
            part_of(file).replace(file)
        for folder in {file.parent for file in there}:
            to_disk(folder)
    finally:
        for file in files:
            part_of(file).unlink(missing_ok=True)


@contextmanager
def written(file: Path, tables: Sequence[Table], about: Mapping[str, str]) -> Iterator[Connection]:
    """A new copy to insert rows into, as the part of its file. For its owner's eyes alone."""
    partial = part_of(file)
    make_private(partial)
    engine = _engine(partial)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
            for table in (*tables, _ABOUT, _VERSION):
                table.create(connection)
            add(connection, _ABOUT, ({"name": name, "value": value} for name, value in sorted(about.items())))
            yield connection
    finally:
        engine.dispose()
    to_disk(partial)


def make_private(file: Path) -> None:
    """A new, empty file that its owner alone may read, in place of what a kill left there."""
    for old in (file, file.with_name(f"{file.name}-journal")):
        old.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def add(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows, some at a time."""
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(dict(row))
        if len(some) == CHUNK:
            connection.execute(insert(table), some)
            some = []
    if some:
        connection.execute(insert(table), some)


def add_revision(connection: Connection, revision: str | None) -> None:
    """Say of which revision the tables are."""
    add(connection, _VERSION, [{"version_num": revision}] if revision else [])


def sorted_rows(connection: Connection, table: Table) -> Iterator[Mapping[str, Any]]:
    """All rows of a table in the order of its key, which tells nothing, without holding them all."""
    asked = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    for row in connection.execute(asked):
        yield row._asdict()


@contextmanager
def opened(file: Path) -> Iterator[Engine]:
    """A copy, to be read only. Raises CopyRefused for a file that is none."""
    _check(file)
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True),
        hide_parameters=True,
    )
    try:
        yield engine
    except DatabaseError as error:
        raise CopyRefused(f"{file} is damaged: use an earlier copy.") from error
    finally:
        engine.dispose()


def about(engine: Engine) -> dict[str, str]:
    """What a copy says of itself."""
    with engine.connect() as connection:
        return {str(row.name): str(row.value) for row in connection.execute(select(_ABOUT))}


def _check(file: Path) -> None:
    """That the file is a copy that this program made: tables only, nothing that would run while it is read."""
    if not file.is_file():
        raise CopyRefused(f"There is no file {file}.")
    try:
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        try:
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
            kinds = {kind for (kind,) in connection.execute("SELECT DISTINCT type FROM sqlite_master")}
            whole = ours and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise CopyRefused(f"{file} is no copy made by `concerns backup`, or it is damaged.") from error
    if not ours or not kinds <= {"table", "index"}:
        raise CopyRefused(f"{file} is no copy made by `concerns backup`.")
    if not whole:
        raise CopyRefused(f"{file} is damaged: use an earlier copy.")


def _engine(file: Path) -> Engine:
    return create_engine(f"sqlite:///{file}", hide_parameters=True)


def to_disk(path: Path) -> None:
    """Return once the file, or the folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
