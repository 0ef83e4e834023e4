"""What of a thread cannot be opened although its flag can: somebody changed it in the store."""

from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind
from concerns.store.house import House
from concerns.triage.index.reads import visible_in
from concerns.triage.index.service import Index, look_again
from concerns.triage.reading import Desk, Flag

NAMES = {
    Kind.FLAG: "Another flag that was put in here",
    Kind.DETAIL: "Something that the reporter added",
    Kind.REPLY: "A reply",
    Kind.NOTE: "A note for guardians",
    Kind.TRIAGE: "A record of how it was sorted",
    Kind.STATUS: "A status",
}


def lost_in(house: House, desk: Desk, visitor: Visitor, flag: Flag, known: Index) -> list[str]:
    """What each envelope is that a guardian should see here and cannot open. Her list learns of it as well."""
    opened = {item.sealed.header.envelope_id for item in flag.thread.items}
    closed = [row.header for row in flag.thread.rows if row.header.envelope_id not in opened]
    # what a reporter adds stays out of sight until it is collected, damaged or not
    visible = visible_in(house, desk, visitor, flag) if closed else frozenset()
    found = [NAMES[one.kind] for one in closed if one.envelope_id in visible]
    held = known.weeks.get(flag.facts.week)
    card = held.cards.get(flag.facts.thread_id.hex()) if held else None
    if card is not None and card.damaged != bool(found or flag.thread.gap):
        look_again(house, desk, visitor, flag.facts.thread_id)
    return found
