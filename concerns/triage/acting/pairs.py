"""Two-person steps: one guardian's part, another one's agreement, and what a page says of them."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from concerns.people.access import visitor
from concerns.sealing.saying import said
from concerns.sealing.signing import sign_public
from concerns.store.house import house
from concerns.triage import acts, service
from concerns.triage.acts import Proposal
from concerns.triage.case.contact import looked
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import Step

AT_ONCE = "Another guardian wrote in this flag at this moment. Look at what is there now, then press again."


class Refused(Exception):
    """A step that cannot be taken now; the message is a sentence for the page."""


@dataclass(frozen=True)
class Shown:
    """One proposal as a page shows it."""

    proposal: Proposal
    #: the visitor wrote it
    mine: bool
    #: the visitor is one of the two who agreed
    ours: bool
    waits: bool
    state: str

    @property
    def agreed(self) -> bool:
        return stands(self.proposal)

    def said(self, name: str) -> str:
        return said(self.proposal.content, name)


def stands(proposal: Proposal) -> bool:
    """Whether two guardians hold to it."""
    return proposal.agreed is not None and not proposal.withdrawn


def shown(flag: Flag, what: str) -> list[Shown]:
    """Every proposal of one sort, oldest first."""
    own, today = sign_public(visitor().sign_seed), house().today()
    return [
        Shown(
            one,
            one.entry.signer == own,
            own in (one.entry.signer, one.agreed.signer if one.agreed else None),
            one.waits(today),
            _state(one, today),
        )
        for one in acts.proposals(flag, what)
    ]


def write(
    desk: Desk, flag: Flag, act: dict[str, Any], item: bytes, *, reply: str = "", step: Step | None = None
) -> None:
    """Seal an act in the thread, once for each form shown. Raises Refused, and else as `service.record` does.

    With a step the flag's status changes as well; everything else stays as it was sorted.
    """
    work = dataclasses.replace(looked(flag, ""), act=act, reply=reply)
    if step is not None:
        work = dataclasses.replace(work, step=step, looked=False)
    try:
        service.record(house(), desk, visitor(), flag, work, item)
    except service.Changed as error:
        raise Refused(AT_ONCE) from error


def propose(desk: Desk, flag: Flag, what: str, item: bytes, content: dict[str, Any]) -> None:
    """One guardian's part. Raises Refused where another one of the sort waits."""
    if any(one.waits and one.said("item") != item.hex() for one in shown(flag, what)):
        raise Refused("Another proposal waits already. Agree to it, or stop it first.")
    write(desk, flag, acts.proposed(what, **content, item=item.hex()), item)


def waiting(flag: Flag, what: str, link: str) -> Proposal:
    """A proposal that the visitor may still answer. Raises Refused."""
    found = _proposal(flag, what, link)
    if found is None or not found.waits(house().today()):
        raise Refused("This no longer waits for anybody: look below at what became of it.")
    return found


def agree(desk: Desk, flag: Flag, what: str, link: str, item: bytes, *, reply: str = "", **content: Any) -> None:
    """The second guardian's part. Raises Refused."""
    if waiting(flag, what, link).entry.signer == sign_public(visitor().sign_seed):
        raise Refused("You proposed this yourself: another guardian has to agree.")
    write(desk, flag, acts.agreed_to(link) | content, item, reply=reply)


def agreed_already(flag: Flag, what: str, link: str) -> bool:
    """Whether the visitor is the one who agreed: her second tap asks for nothing."""
    found = _proposal(flag, what, link)
    return bool(found and found.agreed and found.agreed.signer == sign_public(visitor().sign_seed))


def withdraw(desk: Desk, flag: Flag, what: str, link: str, item: bytes) -> None:
    """Either guardian stops what waits, once. Raises Refused."""
    found = _proposal(flag, what, link)
    if found and found.withdrawn:
        return  # a double tap
    waiting(flag, what, link)
    write(desk, flag, acts.withdrawn_from(link), item)


def _proposal(flag: Flag, what: str, link: str) -> Proposal | None:
    return next((one for one in acts.proposals(flag, what) if one.link == link), None)


def _state(one: Proposal, today: dt.date) -> str:
    by = f"{one.entry.guardian}, {in_words(one.entry.day or one.entry.week)}"
    if one.withdrawn:
        return f"Proposed by {by}. Stopped."
    if one.agreed is not None:
        return f"Proposed by {by}. {one.agreed.guardian} agreed, {in_words(one.agreed.day or one.agreed.week)}."
    if one.waits(today):
        return f"Proposed by {by}. It waits for another guardian until {in_words(one.lasts_until())}."
    return f"Proposed by {by}. Nobody agreed in time."


def in_words(day: dt.date) -> str:
    """3 December 2026."""
    return f"{day.day} {day:%B %Y}"
