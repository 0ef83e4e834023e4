"""Looks after an instance that is set up already: whether its stores are there, and at this version."""

from pathlib import Path

from sqlalchemy import inspect, select

from concerns.areas.model import Organisation
from concerns.founding.verifying import Finding, verify
from concerns.store.house import House
from concerns.store.schema import is_current, migrate


class StoreMissing(Exception):
    """A store's file is not where it should be; the text says where."""


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
    """Whether the main store holds an organisation, at whatever revision. Makes no store."""
    main = house.stores.main
    if not house.directory.exists() or main.url.database in {str(file) for file in missing_files(house)}:
        return False
    if not inspect(main).has_table(Organisation.__tablename__):
        return False
    with house.stores.read_main() as session:
        return session.scalar(select(Organisation.only_one)) is not None


def bring_up_to_date(house: House) -> bool:
    """Bring an instance's stores to the newest revision; False where they are there. Raises StoreMissing."""
    refuse_missing(house)
    if is_current(house.stores):
        return False
    migrate(house.stores)
    return True


def examine(house: House, faults: list[str]) -> list[Finding]:
    """What every check finds, these faults of the settings among it; a check would make a store that is missing."""
    missing = [Finding("stores", False, _in_words(file)) for file in missing_files(house)]
    if missing:
        return [*missing, *(Finding("settings", False, fault) for fault in faults)]
    return verify(house, faults)


def _in_words(file: Path) -> str:
    return f"The store {file} is missing. Put it back: a new one would be empty."
