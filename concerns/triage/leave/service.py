"""Finds the open flags that a guardian has, and hands one to another guardian as an act in its thread."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from concerns.charter.manifest import GuardianKey
from concerns.people.access import Visitor
from concerns.sealing.model import Thread
from concerns.sealing.text import to_text
from concerns.store.house import House
from concerns.triage import service
from concerns.triage.case.contact import looked
from concerns.triage.index.seeing import flags_for
from concerns.triage.index.service import cards
from concerns.triage.queries import ThreadFacts
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import first_words

#: flags on one page, each of which is opened
PAGE = 20


@dataclass(frozen=True)
class Mine:
    """One of her open flags, and who could take it over."""

    flag: Flag
    others: tuple[GuardianKey, ...]

    @property
    def thread(self) -> str:
        return self.flag.facts.thread_id.hex()

    @property
    def words(self) -> str:
        return first_words(self.flag.told("text"))


@dataclass(frozen=True)
class PageOfMine:
    """Her open flags, the oldest first; where the next page begins, and whether the desk is still opening older ones."""

    rows: tuple[Mine, ...]
    next: str | None
    behind: bool


def mine(house: House, desk: Desk, visitor: Visitor, after: str = "") -> PageOfMine:
    """A page of the open flags that she sorted last, or that were handed to her, from a place on."""
    index = cards(house, desk, visitor)
    held = sorted(
        (f"{card.week.isoformat()}.{card.thread}", card.thread_id)
        for card in index.cards
        if card.holder == index.me and not card.finished
    )
    left = [one for one in held if one[0] > after]
    rows = opened(house, desk, visitor, [thread_id for _place, thread_id in left[:PAGE]])
    return PageOfMine(tuple(rows), left[PAGE - 1][0] if len(left) > PAGE else None, index.behind)


def opened(house: House, desk: Desk, visitor: Visitor, thread_ids: Sequence[bytes]) -> list[Mine]:
    """These flags in this order, those that she can open."""
    with house.stores.read_main() as main:
        rows = main.execute(select(Thread.id, Thread.week, Thread.tier).where(Thread.id.in_(thread_ids)))
        facts = {row[0]: ThreadFacts(*row) for row in rows}
    found = flags_for(house, desk, visitor, [facts[one] for one in thread_ids if one in facts])
    return [Mine(flag, _others(desk, visitor, flag)) for flag in found]


def hand_over(house: House, desk: Desk, visitor: Visitor, row: Mine, to: GuardianKey, words: str, item: bytes) -> None:
    """Say in the thread, sealed, that another guardian has it now; once for each form shown. Raises as `record` does."""
    note = f"Handed over to {to.name}. {words}".strip()
    act = {"do": "hold", "person": to_text(to.person_id)}
    service.record(house, desk, visitor, row.flag, dataclasses.replace(looked(row.flag, note), act=act), item)


def _others(desk: Desk, visitor: Visitor, flag: Flag) -> tuple[GuardianKey, ...]:
    """Every other guardian whom the thread does not exclude."""
    kept_out = {visitor.person_id, *flag.thread.exclusions}
    return tuple(one for one in desk.charter.manifest.guardians if one.person_id not in kept_out)
