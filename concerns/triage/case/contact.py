"""How a reporter can be reached: opened and erased at a press that is noted, so that the other guardians see who looked."""

from dataclasses import dataclass

from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind
from concerns.sealing.keys import Holder, kid_of
from concerns.sealing.saying import listed, pair_said, said
from concerns.sealing.threads import erase_contact, load, open_all
from concerns.store.house import House
from concerns.triage import service
from concerns.triage.bundles import Work
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import CONSEQUENCES, Step
from concerns.triage.wording import WISHES

OPENED = "Opened how to reach the reporter."
ERASED = "Erased how to reach the reporter."


@dataclass(frozen=True)
class Contact:
    """What a guardian is shown after the press, in that one answer."""

    #: one sentence
    says: str
    how: str = ""
    #: there is something to erase
    left: bool = False


def open_contact(house: House, desk: Desk, visitor: Visitor, flag: Flag, item: bytes) -> Contact:
    """Note who looks, and only then open it. Raises as `service.record` does, and then nothing was opened."""
    service.record(house, desk, visitor, flag, looked(flag, OPENED), item)
    thread_id, holder = flag.facts.thread_id, Holder(visitor.kem_seed)
    rows = load(house.stores, desk.site_id, [thread_id], [Kind.CONTACT])[thread_id]
    # nobody signs it: one that is not wrapped for the reporter too, or a second one, was put in by somebody else
    opened = open_all([row for row in rows if kid_of(flag.thread.reporter_kem) in row.wraps], holder)
    if len(rows) > 1 or len(opened) < len(rows):
        return Contact("Somebody changed what is stored here. Do not use it, and tell the other guardians.", left=True)
    if not rows:
        return Contact("Nothing is kept here: it was erased, or never left.")
    payload = opened[0][1]
    wish, how = WISHES.get(said(payload, "wish"), ""), said(payload, "how")
    if not wish and not how:
        return Contact("They left nothing.")
    return Contact(wish or "They left this.", how, left=True)


def erase(house: House, desk: Desk, visitor: Visitor, flag: Flag, item: bytes) -> Contact:
    """Note who erases it, and destroy its key. Raises as `service.record` does, and then it is still there."""
    service.record(house, desk, visitor, flag, looked(flag, ERASED), item)
    erase_contact(house.stores, flag.facts.thread_id)
    return Contact("It is erased. Nobody can open it again.")


def looked(flag: Flag, note: str) -> Work:
    """A sitting that leaves everything as it is, and says in a note what was looked at."""
    if flag.record is None:
        return Work(Step("received"), note=note, looked=True)
    record = flag.record.payload
    return Work(
        step=flag.step,
        primary=said(record, "primary") or None,
        themes=tuple(listed(record, "themes")),
        area=said(record, "area") or None,
        harm=said(record, "harm") or None,
        psychological=said(record, "psychological") or None,
        score=pair_said(record, "score", max(CONSEQUENCES)),
        reason=flag.record.reason,
        where=said(record, "where"),
        note=note,
        looked=True,
    )
