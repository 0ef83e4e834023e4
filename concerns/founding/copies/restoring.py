"""Puts a copy back into an empty folder or database. Where the live store is still there, its keys say what stays gone.

Where they come out of the copy, what was taken back or erased since comes back with them: then, and in another folder
than its own, the service stays shut until two guardians have agreed, and the promise page names the day.
"""

import datetime as dt
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Table, create_engine, select, update
from sqlalchemy.exc import OperationalError, StatementError

from concerns.charter import pins, restores
from concerns.charter.pins import NEWEST, NEWEST_POLICY, PIN
from concerns.disclosure.ledger import Ledger, LedgerRefused, parse
from concerns.disclosure.model import LedgerMark
from concerns.founding.copies.backing_up import KEY_TABLES, KEYS, LEDGER, PINS, beside, main_tables
from concerns.founding.copies.shape import (
    CopyRefused,
    Rows,
    about,
    add,
    make_private,
    opened,
    part_of,
    sorted_rows,
    to_disk,
)
from concerns.founding.upkeep import is_founded
from concerns.sealing import marks
from concerns.sealing.model import Envelope, ShredKey, Thread, ThreadMark, Wrap
from concerns.sealing.shredding import with_older
from concerns.store.house import House, week_of
from concerns.store.schema import alembic_config, migrate

#: shred keys are never put back from further ago: what was taken back since would come back with them
KEYS_DAYS = 30
_NOT_YET = "being put back"


@dataclass(frozen=True)
class Restored:
    """What came of it. Numbers of flags are public: anybody with the database counts its rows."""

    made_on: dt.date
    flags: int
    #: threads of the copy that were left out: taken back or purged since, or without their key
    left_out: int
    #: two guardians must agree before the service opens again
    waits: bool


def restore(house: House, file: Path, *, without_flags: bool = False, without_ledger: bool = False) -> Restored:
    """Put a copy back. Raises CopyRefused, and then nothing was changed, or a store's error, and then it may be tried again.

    Where the live store has no key, those of the copy are put back, of at most 30 days ago. `without_flags` leaves every
    thread out, for a copy whose keys are lost; `without_ledger` goes on where there is no ledger, and no period can be
    closed until it is put there.
    """
    with _at_head(house, file) as copy:
        said = about(copy)
        _check_place(house, said)
        _check_ledger(house, file, copy, without=without_ledger)
        migrate(house.stores)
        keys = set() if without_flags else _keys(house, file, said)
        shuts = _put_files(house, file, said)
        return _put_rows(house, copy, keys, shuts=shuts)


@contextmanager
def _at_head(house: House, file: Path) -> Iterator[Engine]:
    """The copy with its tables as this version has them. An older one is brought up to it, as a copy of its own."""
    with opened(file) as copy:
        if about(copy).get("part") != "main":
            raise CopyRefused(f"{file} holds keys only. Name the file of the copy itself.")
        known = ScriptDirectory.from_config(alembic_config("main", copy))
        with copy.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        if revision == known.get_current_head():
            yield copy
            return
    try:
        known.get_revision(revision or "")
    except CommandError as error:
        raise CopyRefused(f"{file} was made by a newer version of this program. Update first, then restore.") from error
    house.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    raised = house.directory / "restoring.db"
    make_private(raised)
    shutil.copyfile(file, raised)
    engine = create_engine(f"sqlite:///{raised}", hide_parameters=True)
    try:
        command.upgrade(alembic_config("main", engine), "head")
        yield engine
    finally:
        engine.dispose()
        raised.unlink()


def _check_place(house: House, said: Mapping[str, str]) -> None:
    if is_founded(house):
        raise CopyRefused(
            "There is an instance here already, and a copy never replaces one. Move its main store away, then restore."
        )
    pin = house.directory / PIN
    if pin.exists() and pin.read_text() != said.get(PIN):
        raise CopyRefused("This folder belongs to another instance: its guardians are others than those of the copy.")
    _check_newest(house, said)


def _check_ledger(house: House, file: Path, copy: Engine, *, without: bool) -> None:
    """That the ledger here, or else the one beside the copy, reaches as far as the copy has followed it."""
    ledger, kept = Ledger(house.directory), beside(file, LEDGER)
    try:
        own = ledger.lines()
        lines = own or (parse(kept.read_bytes()) if kept.exists() else ())
    except LedgerRefused as error:
        raise CopyRefused(str(error)) from error
    if lines and lines[0].entry.get("site") != about(copy).get("site"):
        raise CopyRefused("The ledger here belongs to another instance.")
    with copy.connect() as connection:
        known = connection.scalar(select(LedgerMark.lines)) or 0
    if without or len(lines) >= known:
        return
    place = ledger.path if own else kept
    raise CopyRefused(
        f"{place} {'is older than the copy' if lines else 'is missing'}: put the newest ledger that you keep there. To go "
        "on without it, add --without-ledger: then no period can be closed until it is in the folder as ledger.jsonl."
    )


def _check_newest(house: House, said: Mapping[str, str]) -> None:
    """That the copy knows the newest guardians' keys and rules that this folder has seen: an older one is refused later."""
    for name in (NEWEST, NEWEST_POLICY):
        known = pins.read_newest(house.directory, name)
        copied = said.get(name, "1").partition(" ")[0]
        if known is not None and int(copied) < known.version:
            raise CopyRefused(
                f"The copy of {said['made_on']} is older than the newest keys or rules that guardians signed here. Use a "
                "newer copy, or put it into an empty folder with the newest ledger: there two guardians have to agree."
            )


def _keys(house: House, file: Path, said: Mapping[str, str]) -> set[bytes]:
    """The threads whose keys are there, once the copied ones are put back where the live store has none."""
    with house.stores.read_live() as live:
        there = set(live.scalars(select(ShredKey.thread_id)))
    keys = beside(file, KEYS)
    if there:
        if keys.exists():
            _put_older_behind(house, file, said)
        return there
    if not keys.exists():
        raise CopyRefused(
            f"{keys} is missing. Without it no flag can be opened. To restore everything else, add --without-flags."
        )
    with _copied_keys(file, said) as copy:
        _check_age(house, keys, about(copy))
        with copy.connect() as source, house.stores.live.begin() as live_connection:
            copied = set(source.scalars(select(KEY_TABLES[0].c.thread_id)))
            if copied:
                _shut_first(house, said)
            for table in KEY_TABLES:
                add(live_connection, table, sorted_rows(source, table))
        return copied


@contextmanager
def _copied_keys(file: Path, said: Mapping[str, str]) -> Iterator[Engine]:
    keys = beside(file, KEYS)
    with opened(keys) as copy:
        own = about(copy)
        if own.get("part") != "keys" or own.get("site") != said.get("site"):
            raise CopyRefused(f"{keys} does not belong to {file}.")
        if own.get("copy") != said.get("copy"):
            raise CopyRefused(
                f"{keys} belongs to another copy than {file}. Put the two files of one copy side by side. To restore "
                "everything but the flags, add --without-flags."
            )
        yield copy


def _put_older_behind(house: House, file: Path, said: Mapping[str, str]) -> None:
    """Threads that have a new key since the copy: its wraps open with the older ones alone, until they are covered anew.

    What has no key in the live store gets none.
    """
    with _copied_keys(file, said) as copy, copy.connect() as source, house.stores.live.begin() as live:
        for table in KEY_TABLES:
            now = {row["thread_id"]: row["key"] for row in sorted_rows(live, table)}
            for row in sorted_rows(source, table):
                key = now.get(row["thread_id"])
                longer = key and with_older(key, row["key"])
                if longer != key:
                    one = update(table).where(table.c.thread_id == row["thread_id"])
                    live.execute(one.values(key=longer))


def _check_age(house: House, keys: Path, own: Mapping[str, str]) -> None:
    made_on = dt.date.fromisoformat(own["made_on"])
    if not 0 <= (house.today() - made_on).days <= KEYS_DAYS:
        raise CopyRefused(
            f"{keys} is of {made_on.isoformat()}. Keys are put back within {KEYS_DAYS} days only: what staff took back "
            "since would come back with them. To restore everything else, add --without-flags."
        )


def _put_files(house: House, file: Path, said: Mapping[str, str]) -> bool:
    """What the folder remembers. Returns whether the service stays shut until two guardians have agreed.

    A ledger that is there is never replaced: an older one would let a period be drawn again.
    """
    if not (house.directory / PIN).exists():
        _shut_first(house, said)
    shuts = pins.read_shut(house.directory) is not None
    for name in PINS:
        if name in said and not (house.directory / name).exists():
            _put(house.directory / name, said[name].encode())
    ledger, kept = Ledger(house.directory), beside(file, LEDGER)
    if not ledger.lines() and kept.exists():
        _put(ledger.path, kept.read_bytes())
    return shuts


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: half a pin, or half a ledger, would be taken for another instance's, or for an older one."""
    partial = part_of(path)
    make_private(partial)
    partial.write_bytes(content)
    to_disk(partial)
    partial.replace(path)


def _shut_first(house: House, said: Mapping[str, str]) -> None:
    """Before what follows from it: stopped after the next step, the folder must not look like the one that was copied.

    What was not open yet when it was copied needs its guardians' signatures anyway.
    """
    if PIN in said:
        pins.write_shut(house.directory, _NOT_YET)


def _put_rows(house: House, copy: Engine, keys: Collection[bytes], *, shuts: bool) -> Restored:
    """All rows in one transaction: stopped at any point there is no instance yet, and the same command does it again."""
    said = about(copy)
    made_on = dt.date.fromisoformat(said["made_on"])
    try:
        with copy.connect() as source, house.stores.write_main() as main:
            every = dict(source.execute(select(Thread.id, Thread.purge_week)).all())
            threads = {one for one, last in every.items() if last >= week_of(house.today())} & set(keys)
            for table, rows in _rows(source, threads):
                add(main.connection(), table, rows)
            marks.renew(main, set(main.scalars(select(Thread.week).distinct())))
            if shuts:
                restores.shut(main, house.directory, bytes.fromhex(said["site"]), made_on, house.today())
    except OperationalError:
        raise
    except (StatementError, ValueError, TypeError) as error:
        raise CopyRefused("The copy holds rows that no instance has. Nothing was restored: use another one.") from error
    return Restored(made_on, len(threads), len(every) - len(threads), shuts)


def _rows(source: Connection, threads: Collection[bytes]) -> Iterator[tuple[Table, Rows]]:
    """The rows that come back, table by table: of flags only those of these threads, so that nothing else touches the disk."""
    found = source.execute(select(Envelope.id, Envelope.thread_id))
    envelopes = {one for one, thread in found if thread in threads}
    wanted = {
        Thread.__tablename__: ("id", threads),
        Envelope.__tablename__: ("id", envelopes),
        Wrap.__tablename__: ("envelope_id", envelopes),
    }
    for table in main_tables(source.engine):
        rows = sorted_rows(source, table)
        if table.name in wanted:
            column, kept = wanted[table.name]
            yield table, (row for row in rows if row[column] in kept)
        elif table.name != ThreadMark.__tablename__:
            yield table, rows
