"""Legal hold in a flag's record: two guardians say until when the law wants it kept; what they agreed last holds."""

import datetime as dt
from dataclasses import dataclass

from concerns.sealing.saying import said
from concerns.triage import acts
from concerns.triage.acts import Proposal, Written
from concerns.triage.retaining.rules import last_day_of_hold

#: what the two-person step is called in the thread
HOLD = "legal hold"


@dataclass(frozen=True)
class Hold:
    """A hold to which two guardians agreed."""

    until: dt.date
    #: the Monday of the last week in which the flag is kept without it
    ceiling: dt.date
    reason: str


def hold_of(flag: Written) -> Hold | None:
    """What two guardians agreed last, whether its day is over or not; None where they never did."""
    place = {entry.link: number for number, entry in enumerate(flag.entries)}
    agreed = [one for one in acts.proposals(flag, HOLD) if one.agreed is not None and not one.withdrawn]
    newest = max(agreed, key=lambda one: place[one.agreed.link] if one.agreed else -1, default=None)
    return None if newest is None else proposed_in(newest)


def proposed_in(proposal: Proposal) -> Hold | None:
    """What a proposal says; no hold reaches further ahead than it may, whatever stands there."""
    written = proposal.entry.day or proposal.entry.week
    until, ceiling = (_day(said(proposal.content, name)) for name in ("until", "ceiling"))
    if until is None or ceiling is None:
        return None
    return Hold(min(until, last_day_of_hold(written)), ceiling, said(proposal.content, "reason"))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
