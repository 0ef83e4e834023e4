"""Guardians who sort a flag without its page."""

from concerns.people.access import Visitor
from concerns.store.base import new_id
from concerns.triage import service
from concerns.triage.bundles import Work
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import open_desk
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.triage.telling import Told


def visitor_of(instance: Instance, name: str) -> Visitor:
    guardian = instance.guardian(name)
    roles = frozenset({"guardian"})
    return Visitor(guardian.person_id, name.capitalize(), f"{name}@example.org", roles, guardian.secret)


def sort_as(instance: Instance, name: str, told: Told, status: str = "acknowledged") -> None:
    """One sitting of this guardian."""
    desk, visitor = open_desk(instance.house), visitor_of(instance, name)
    flag = read_flag(instance.house, desk, visitor, told.thread_id)
    assert flag is not None
    service.record(instance.house, desk, visitor, flag, Work(Step(status), primary="staffing"), new_id())
