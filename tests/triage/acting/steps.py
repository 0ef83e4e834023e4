"""Guardians take steps with a flag, as their pages offer them."""

from typing import Any

from concerns.people.access import Visitor
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import Desk as OpenDesk
from concerns.triage.reading import Flag, open_desk
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page
from tests.triage.telling import Told

GATE = {"know": ["many"], "answer": ["no"], "ground": ["choice"], "reason": "Everybody on nights says it."}
BRIEF = {
    "owner": "Head of nursing",
    "person": ["no"],
    "text": "Nights are thinly staffed, and people wait too long for help. Please look at how shifts are planned.",
}
COPY = {
    "recipient": ["police"],
    "name": "Sergeant Bell",
    "ground": ["harm"],
    "person": ["no"],
    "reason": "A child may be in danger tonight.",
}


def step(desk: Desk, told: Told, name: str, data: dict[str, Any], button: str, status: int = 302) -> Page:
    """Fill in the page of a step and press its button."""
    page = desk.client.get(f"{told.path}/{name}")
    return desk.client.submit(page, data, button=button, status=status)


def sort(desk: Desk, told: Told) -> None:
    """The flag is sorted, as it must be before it is referred."""
    desk.client.submit(desk.client.get(told.path), {"primary": "N01", "status": "assessing"}, button="Save")


def open_gate(desk: Desk, told: Told, **changed: Any) -> None:
    step(desk, told, "gate", {**GATE, **changed}, "Save the answer")


def flag_as(instance: Instance, told: Told, name: str = "gita") -> Flag:
    """The flag as one of the guardians reads it now."""
    guardian = instance.guardian(name)
    desk: OpenDesk = open_desk(instance.house)
    visitor = Visitor(guardian.person_id, name, f"{name}@example.org", frozenset({"guardian"}), guardian.secret)
    found = read_flag(instance.house, desk, visitor, told.thread_id)
    assert found is not None
    return found
