"""Links tellings of one thing, and takes one out again: acts in their threads, sealed and signed like any record.

Only flags that the very same guardians may read can be linked: else a link would tell somebody of a flag that she must
not know of. Whatever becomes of one telling later, purged or taken back, the others keep their event and its place.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from concerns.people.access import Visitor
from concerns.sealing.saying import said
from concerns.store.house import House
from concerns.triage import service
from concerns.triage.case.contact import looked
from concerns.triage.events.rules import Event, event_id, event_in, linked, unlinked
from concerns.triage.index import service as index
from concerns.triage.index.card import Card
from concerns.triage.index.seeing import flags_for
from concerns.triage.index.service import Index
from concerns.triage.owed import sortings
from concerns.triage.queries import thread_facts
from concerns.triage.reading import Desk, Flag

LINKED = "Linked with another flag as one event."
UNLINKED = "Taken out of its event: it stands for itself again."


class CannotLink(Exception):
    """These two flags cannot be linked now; the message says why."""


class Gone(Exception):
    """The other flag is not here, or not for this guardian."""


def event_of(flag: Flag) -> Event | None:
    """The event that an opened flag belongs to."""
    return event_in(entry.act for entry in flag.entries if entry.proven and entry.guardian)


def tellings(flag: Flag, known: Index) -> list[Card]:
    """The other flags of its event that this guardian can open, among those that her index knows."""
    event, own = event_of(flag), flag.facts.thread_id.hex()
    if event is None:
        return []
    return [card for card in known.cards if card.event == event.id and card.thread != own]


def link(house: House, desk: Desk, visitor: Visitor, flag: Flag, other: Flag, item: bytes) -> None:
    """Let two flags be tellings of one event. Raises CannotLink, and whatever `service.record` raises.

    Where neither has an event yet, both get one in the place of the one that was sorted first. A stop between the two
    records leaves that one alone in an event, in its own place: nothing counts otherwise, and the next press goes on.
    """
    if flag.facts.thread_id == other.facts.thread_id:
        raise CannotLink("A flag cannot be linked with itself.")
    if flag.thread.exclusions != other.thread.exclusions:
        raise CannotLink("They cannot be linked, because not the same guardians may read them. Each counts for itself.")
    held = index.cards(house, desk, visitor)
    events = [(event_of(one), bool(tellings(one, held))) for one in (flag, other)]
    shared = [event for event, others in events if event and others]
    if len(shared) == 2:
        same = shared[0].id == shared[1].id
        raise CannotLink("They are linked already." if same else "Each is part of another event. Take one out first.")
    if held.behind and any(event and not others for event, others in events):
        raise CannotLink("Older flags are still being opened for you. Open the inbox, and link them after that.")
    event = shared[0] if shared else _begun(flag, other)
    for one in sorted((flag, other), key=_first_sorted):
        before = event_of(one)
        if before != event:
            _record(house, desk, visitor, one, linked(event, before), LINKED, item)


def unlink(house: House, desk: Desk, visitor: Visitor, flag: Flag, item: bytes) -> None:
    """Take a flag out of its event; the last one left stands for itself too. Raises as `service.record` does."""
    event = event_of(flag)
    if event is None:
        return
    others = tellings(flag, index.cards(house, desk, visitor))
    _record(house, desk, visitor, flag, unlinked(event), UNLINKED, item)
    for left in others if len(others) == 1 else ():
        last = open_one(house, desk, visitor, left.thread_id)
        if last is not None:
            _record(house, desk, visitor, last, unlinked(event), UNLINKED, item)


def open_one(house: House, desk: Desk, visitor: Visitor, thread_id: bytes) -> Flag | None:
    """A flag to link or to take out, of which nothing is shown; None where it is not for this guardian."""
    with house.stores.read_main() as main:
        facts = thread_facts(main, thread_id)
    return next(iter(flags_for(house, desk, visitor, [facts] if facts else [])), None)


def _begun(flag: Flag, other: Flag) -> Event:
    """A new event, in the place of the one that was sorted first."""
    first = min((flag, other), key=_first_sorted)
    if first.record is None:
        raise CannotLink("Sort at least one of them first: they count under its theme and area.")
    place = first.record.payload
    own = event_id(flag.thread.reporter_sign, other.thread.reporter_sign)
    return Event(own, said(place, "primary") or None, said(place, "area") or None)


def _first_sorted(flag: Flag) -> tuple[dt.date, bytes]:
    days = [entry.day or entry.week for entry in sortings(flag)]
    return min(days, default=dt.date.max), flag.facts.thread_id


def _record(
    house: House, desk: Desk, visitor: Visitor, flag: Flag, act: Mapping[str, Any], note: str, item: bytes
) -> None:
    try:
        service.record(house, desk, visitor, flag, dataclasses.replace(looked(flag, note), act=act), item)
    except service.Changed as error:
        raise CannotLink(
            "Another guardian wrote in one of them at this moment. Look again, then press again."
        ) from error
