"""Guardians who link flags, straight at the service."""

from dataclasses import dataclass

from concerns.people.access import Visitor
from concerns.sealing.threads import Bundle
from concerns.store.house import House
from concerns.triage.events import service
from concerns.triage.events.rules import Event
from concerns.triage.index import service as index
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import Desk, Flag, open_desk
from tests.cast import Instance


@dataclass(frozen=True)
class Linker:
    """One guardian at her desk."""

    instance: Instance
    name: str = "gita"

    @property
    def house(self) -> House:
        return self.instance.house

    @property
    def desk(self) -> Desk:
        return open_desk(self.house)

    @property
    def visitor(self) -> Visitor:
        guardian = self.instance.guardian(self.name)
        roles = frozenset({"guardian"})
        return Visitor(guardian.person_id, self.name, f"{self.name}@example.org", roles, guardian.secret)

    def flag(self, thread: bytes) -> Flag:
        found = read_flag(self.house, self.desk, self.visitor, thread)
        assert found is not None
        return found

    def link(self, one: bytes, other: bytes, item: bytes = b"i" * 16) -> None:
        flags = self.flag(one), self.flag(other)
        service.link(self.house, self.desk, self.visitor, *flags, item)

    def unlink(self, thread: bytes, item: bytes = b"u" * 16) -> None:
        flag = self.flag(thread)
        service.unlink(self.house, self.desk, self.visitor, flag, item)

    def event(self, thread: bytes) -> Event | None:
        return service.event_of(self.flag(thread))

    def others(self, thread: bytes) -> set[bytes]:
        known = index.cards(self.house, self.desk, self.visitor)
        return {card.thread_id for card in service.tellings(self.flag(thread), known)}


def ids(*bundles: Bundle) -> list[bytes]:
    return [one.thread_id for one in bundles]
