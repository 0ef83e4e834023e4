"""Makes a copy of an instance: the main store, the shred keys of its threads, and the ledger, each a file of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, Table, inspect, select

from concerns.areas.queries import organisation
from concerns.charter.pins import NEWEST, NEWEST_POLICY, PIN
from concerns.disclosure.ledger import Ledger
from concerns.founding import rows, traces
from concerns.founding.copies.shape import (
    NOT_COPIED,
    CopyRefused,
    add,
    add_revision,
    all_or_none,
    make_private,
    part_of,
    sorted_rows,
    to_disk,
    written,
)
from concerns.sealing.model import ContactKey, ShredKey, Thread
from concerns.sealing.rewriting import one_at_a_time
from concerns.store.base import LiveBase, new_id
from concerns.store.house import House

KEYS, LEDGER = ".keys", ".ledger"
#: tables of the live store that are copied: what came today, what was used up and who is signed in are in no copy
KEY_TABLES = tuple(LiveBase.metadata.tables[one.__tablename__] for one in (ShredKey, ContactKey))
#: what the instance's folder remembers out of the database's reach
PINS = (PIN, NEWEST, NEWEST_POLICY)


@dataclass(frozen=True)
class Made:
    """The files of a copy."""

    main: Path
    keys: Path
    ledger: Path | None


def beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def back_up(house: House, file: Path) -> Made:
    """Write the main store to a file, its shred keys and the ledger beside it. Raises CopyRefused.

    Nothing is collected meanwhile, so that the keys are those of the threads in the copy. What arrived today and was
    not collected yet is in no copy: it would tell the day.
    """
    if file.suffix in (KEYS, LEDGER):
        raise CopyRefused(f"A copy’s name cannot end with {file.suffix}: those files are written beside it.")
    if not file.resolve().parent.is_dir():
        raise CopyRefused(f"There is no folder {file.resolve().parent}.")
    keys, ledger = beside(file, KEYS), beside(file, LEDGER)
    # the ledger first: a newer one beside an older copy is as it should be
    with one_at_a_time(house.stores), all_or_none((ledger, keys, file)):
        about = _about(house)
        tables = main_tables(house.stores.main)
        with _snapshot(house.stores.main) as main, written(file, tables, about) as copy:
            for table in tables:
                add(copy, table, sorted_rows(main, table))
            add_revision(copy, MigrationContext.configure(main).get_current_revision())
            threads = set(main.scalars(select(Thread.id)))
        with _snapshot(house.stores.live) as live, written(keys, KEY_TABLES, {**about, "part": "keys"}) as copy:
            for table in KEY_TABLES:
                add(copy, table, (row for row in sorted_rows(live, table) if row["thread_id"] in threads))
        copied = _copy_ledger(house, ledger)
    traces.note(house, "copied")
    return Made(file, keys, ledger if copied else None)


def main_tables(engine: Engine) -> list[Table]:
    """Every table of the main store, those that others point to first. Raises CopyRefused where one would be left out."""
    tables = rows.main_tables()
    if set(inspect(engine).get_table_names()) - NOT_COPIED != {table.name for table in tables}:
        raise CopyRefused("The tables differ from what this version expects: run `concerns init` with the same folder.")
    return tables


def _about(house: House) -> dict[str, str]:
    with house.stores.read_main() as main:
        found = organisation(main)
    pins = {name: (house.directory / name).read_text() for name in PINS if (house.directory / name).exists()}
    own = {"made_on": house.today().isoformat(), "site": found.site_id.hex(), "copy": new_id().hex()}
    return {"part": "main", **own, **pins}


def _copy_ledger(house: House, target: Path) -> bool:
    """The ledger goes to a file of its own, to be kept apart: an older one put back would let a period be drawn again."""
    ledger, partial = Ledger(house.directory), part_of(target)
    if not ledger.path.exists():
        return False
    make_private(partial)
    with ledger.locked():
        shutil.copyfile(ledger.path, partial)
    to_disk(partial)
    return True


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """One moment of a store, whatever is written meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection
