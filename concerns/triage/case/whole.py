"""What of a thread cannot be opened although its flag can: somebody changed it in the store."""

from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind
from concerns.store.house import House
from concerns.triage.index.service import Index, look_again
from concerns.triage.index.standing import damaged, shut_in
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
    card = known.card(flag)
    if card is not None and card.damaged != damaged(flag):
        look_again(house, desk, visitor, flag.facts.thread_id)
    return [NAMES[row.header.kind] for row in shut_in(flag)]
