"""Ada at the desk, on the settings pages, and what is stored afterwards."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from concerns.areas.model import Organisation
from concerns.areas.queries import organisation
from concerns.audit.model import AuditRow
from tests.cast import Instance
from tests.people.visiting import Desk

SAVE = "Save and go back to set-up"


@pytest.fixture
def desk(instance: Instance) -> Desk:
    return Desk(instance)


@pytest.fixture
def ada(desk: Desk) -> Desk:
    desk.sign_in("ada")
    return desk


@pytest.fixture
def stored(instance: Instance) -> Callable[[], Organisation]:
    """The organisation as it is stored now."""

    def read() -> Organisation:
        with instance.stores.read_main() as main:
            return organisation(main)

    return read


@pytest.fixture
def log(instance: Instance) -> Callable[[], list[str]]:
    """Which parts the log says were saved, in the order of the deeds."""

    def read() -> list[str]:
        with instance.stores.read_main() as main:
            rows = main.scalars(select(AuditRow).where(AuditRow.verb == "settled").order_by(AuditRow.n))
            return [row.about for row in rows]

    return read


@pytest.fixture
def setting_up(instance: Instance) -> Instance:
    """The same instance while set-up lasts: nobody can have told anything."""
    with instance.stores.write_main() as main:
        organisation(main).stage = "setting-up"
    return instance
