"""What was there before a guardian came is handed to her by the others, after a look at what concerns herself.

Open flags go by one guardian's hand; concluded ones only where two guardians signed so in the manifest.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from concerns.audit.rules import once
from concerns.audit.service import note
from concerns.charter.manifest import GuardianKey, Manifest
from concerns.people.access import Visitor
from concerns.sealing.keys import Holder
from concerns.sealing.rewrapping import hand_over, shut_out
from concerns.sealing.text import to_text
from concerns.store.house import House, week_of
from concerns.triage import service
from concerns.triage.case.contact import looked
from concerns.triage.index.seeing import flags_for
from concerns.triage.index.service import cards
from concerns.triage.noting import note_worked
from concerns.triage.queries import ThreadFacts, thread_facts
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import FINISHED, first_words

#: flags on one page: each is read again, and every envelope of it gets a wrap
PAGE = 20
LEFT_OUT = "leave out"


@dataclass(frozen=True)
class Row:
    """A flag that can be handed over."""

    flag: Flag

    @property
    def thread(self) -> str:
        return self.flag.facts.thread_id.hex()

    @property
    def words(self) -> str:
        return first_words(self.flag.told("text"))

    @property
    def place(self) -> str:
        """Where it stands in the list, for an address."""
        return _place(self.flag.facts.week, self.thread)


@dataclass(frozen=True)
class PageOfRows:
    """Some of the flags, newest week first; where the next page begins; and whether older ones are still being opened."""

    rows: tuple[Row, ...]
    next: str | None
    behind: bool


def newcomers(manifest: Manifest, visitor: Visitor) -> list[GuardianKey]:
    """The other guardians who came later than the first ones."""
    return [one for one in manifest.guardians if one.kid in manifest.since and one.person_id != visitor.person_id]


def page_of(house: House, desk: Desk, visitor: Visitor, to: GuardianKey, after: str = "") -> PageOfRows:
    """The flags from before the newcomer's time that this guardian can hand over, from a place on."""
    index = cards(house, desk, visitor)
    placed = sorted((_place(card.week, card.thread), card) for card in index.cards if _before_her(desk, to, card.week))
    allowed = [
        (place, card)
        for place, card in placed
        if place > after and (not card.finished or to.person_id in desk.charter.manifest.older)
    ]
    some = [ThreadFacts(card.thread_id, card.week, card.tier) for _place, card in allowed[:PAGE]]
    rows = openable(house, desk, visitor, to, some)
    following = allowed[PAGE - 1][0] if len(allowed) > PAGE else None
    return PageOfRows(tuple(rows), following, index.behind)


def openable(house: House, desk: Desk, visitor: Visitor, to: GuardianKey, facts: Sequence[ThreadFacts]) -> list[Row]:
    """Those of these flags that the visitor opens, that do not exclude the newcomer, and that may be handed over."""
    older = to.person_id in desk.charter.manifest.older
    return [
        Row(flag)
        for flag in flags_for(house, desk, visitor, facts)
        if to.person_id not in flag.thread.exclusions
        and _before_her(desk, to, flag.facts.week)
        and (older or flag.step.status not in FINISHED)
    ]


def named(house: House, desk: Desk, visitor: Visitor, to: GuardianKey, thread_ids: Sequence[bytes]) -> list[Row]:
    """The same for the flags that a form names."""
    with house.stores.read_main() as main:
        facts = [thread_facts(main, thread_id) for thread_id in thread_ids]
    return openable(house, desk, visitor, to, [one for one in facts if one is not None])


def hand(
    house: House, desk: Desk, visitor: Visitor, to: GuardianKey, rows: Sequence[Row], left_out: Collection[str],
    item: bytes,
) -> None:  # fmt: skip
    """Let the newcomer open these flags, but for those left out: they exclude her from now on, signed, for all her keys.

    May be repeated. Raises whatever `service.record` and the store raise.
    """
    for row in rows:
        if row.thread in left_out:
            note = f"Not handed to {to.name}: it concerns {to.name}."
            act = {"do": LEFT_OUT, "person": to_text(to.person_id)}
            work = dataclasses.replace(looked(row.flag, note), act=act)
            service.record(house, desk, visitor, row.flag, work, item, excluding=frozenset({to.person_id}))
            # somebody else may have handed it over meanwhile
            shut_out(house.stores, desk.site_id, row.flag.facts.thread_id, to.kem)
    handed = [row.flag for row in rows if row.thread not in left_out]
    if handed:
        _note(house, desk, visitor, to, handed, item)
    threads = [flag.facts.thread_id for flag in handed]
    hand_over(house.stores, desk.site_id, threads, Holder(visitor.kem_seed), to.kem)


def _note(
    house: House, desk: Desk, visitor: Visitor, to: GuardianKey, handed: Sequence[Flag], item: bytes
) -> None:  # fmt: skip
    """Enter it first, since nobody can take it back: to whom, and sealed which flags."""
    note(house, visitor.person_id, "handed", about=to.person_id.hex(), once=once(visitor.kem_seed, b"handed", item))
    for flag in handed:
        readers = flag.thread.exclusions
        note_worked(house, desk.charter.manifest, visitor, flag.facts.thread_id, readers, b"handed" + item)


def _before_her(desk: Desk, to: GuardianKey, week: dt.date) -> bool:
    since = desk.charter.manifest.since.get(to.kid)
    # what came just before may have been collected a week later
    return since is not None and week <= week_of(since) + dt.timedelta(days=7)


def _place(week: dt.date, thread: str) -> str:
    """Newest first, as text that sorts."""
    return f"{dt.date.max.toordinal() - week.toordinal():07d}.{thread}"
