"""A desk with a mail server that keeps every letter, and an overseer."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from concerns.people.service import add_person, set_up_from_file
from concerns.store.house import House, MailServer
from tests.cast import TOTP, Instance


@dataclass
class Box:
    """Letters as they were handed over, and a server that can be made to refuse."""

    instance: Instance
    house: House
    letters: list[EmailMessage] = field(default_factory=list)
    broken: bool = False

    def post(self, _server: MailServer, letters: Sequence[EmailMessage]) -> list[bool]:
        if not self.broken:
            self.letters += letters
        return [not self.broken] * len(letters)

    def take(self) -> list[EmailMessage]:
        """What came since the last time."""
        taken, self.letters = self.letters, []
        return taken

    def taken(self) -> list[tuple[str, str]]:
        """The same as (subject, recipient's name), in order."""
        return sorted((str(one["Subject"]), str(one["To"]).partition("@")[0]) for one in self.take())

    def morning(self, day: dt.date, hour: int = 6) -> None:
        self.instance.clock.now = dt.datetime.combine(day, dt.time(hour, 0), dt.UTC)


@pytest.fixture
def box(instance: Instance) -> Box:
    server = MailServer("localhost", 25, "desk@example.org", "", "", "none")
    return Box(instance, dataclasses.replace(instance.house, mail=server))


@pytest.fixture
def owen(instance: Instance) -> bytes:
    """The overseer's id."""
    with instance.stores.write_main() as main:
        person = add_person(main, "Owen", "owen@example.org", ["overseer"])
        set_up_from_file(person, instance.passphrase("owen"), TOTP, instance.directory / "run")
        return person.id
