"""Looks after an instance that is set up already: whether its stores are there, and at this version."""

import errno
import os
from pathlib import Path

from sqlalchemy import inspect, select

from concerns.areas.model import Organisation
from concerns.charter.service import PIN, all_signed, read_pin
from concerns.founding.verifying import Finding, verify
from concerns.store.house import House
from concerns.store.schema import is_current, migrate, refuse_newer

PIN_LACKS = (
    f"The report door says that it is not open: all guardians have signed, and {PIN} is not in this folder. Copy it from "
    "the folder on the desk’s host, and compare the check code on the promise page with the one on the posters."
)


class StoreMissing(Exception):
    """A store's file is not where it should be; the text says where."""


def make_private(directory: Path) -> None:
    """Make the folder of an instance, or take one that is there: from now on nobody else on the machine may look into it."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)


def refuse_unusable(directory: Path) -> None:
    """Raise OSError where the folder of an instance can neither be used nor made; makes nothing."""
    there = next((path for path in (directory, *directory.absolute().parents) if path.exists()), directory)
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))


def missing_files(house: House) -> list[Path]:
    """Files of the stores that are not there. To open one would make it, empty."""
    urls = [engine.url for engine in (house.stores.main, house.stores.live)]
    files = [Path(url.database) for url in urls if url.get_backend_name() == "sqlite" and url.database]
    return [file for file in files if not file.exists()]


def refuse_missing(house: House) -> None:
    """Raise StoreMissing rather than open, and make, a store that is not there."""
    for file in missing_files(house):
        raise StoreMissing(_in_words(file))


def is_founded(house: House) -> bool:
    """Whether the main store holds an organisation, at whatever revision. Makes no store. Raises StoresNewer."""
    main, missing = house.stores.main, {str(file) for file in missing_files(house)}
    if not house.directory.exists() or main.url.database in missing:
        return False
    if not missing:
        refuse_newer(house.stores)  # what a newer version holds cannot be read
    if not inspect(main).has_table(Organisation.__tablename__):
        return False
    with house.stores.read_main() as session:
        return session.scalar(select(Organisation.only_one)) is not None


def pin_lacks(house: House) -> bool:
    """Whether the service is open by the database, and this folder does not know for whom. Raises CharterRefused."""
    with house.stores.read_main() as main:
        launching = main.scalar(select(Organisation.stage)) == "launching"
        return not launching and read_pin(house.directory) is None and all_signed(main)


def bring_up_to_date(house: House) -> bool:
    """Bring an instance's stores to the newest revision; False where they are there. Raises StoreMissing or StoresNewer."""
    refuse_missing(house)
    if is_current(house.stores):
        return False
    migrate(house.stores)
    return True


def examine(house: House, faults: list[str], *, report_alone: bool = False) -> list[Finding]:
    """What every check finds, these faults of the settings among it; a check would make a store that is missing."""
    missing = [Finding("stores", False, _in_words(file)) for file in missing_files(house)]
    if missing:
        return [*missing, *(Finding("settings", False, fault) for fault in faults)]
    return verify(house, faults, report_alone=report_alone)


def _in_words(file: Path) -> str:
    return f"The store {file} is missing. Put it back: a new one would be empty."
