"""Proposes and agrees to a legal hold: the week in clear moves with what two guardians hold to, and the reporter is told."""

import datetime as dt

from concerns.sealing.letting_go import keep_until, kept_until
from concerns.sealing.text import bytes_over
from concerns.store.house import House, house
from concerns.triage.acting import pairs
from concerns.triage.acting.forms import AgreeForm
from concerns.triage.acting.pairs import Refused, in_words
from concerns.triage.acting.rules import BRIEF_LIMIT
from concerns.triage.acts import Proposal
from concerns.triage.reading import Desk, Flag
from concerns.triage.retaining.holding import HOLD, hold_of, proposed_in
from concerns.triage.retaining.rules import week_to_keep

GONE = "This flag is gone."


def content(house: House, flag: Flag, until: dt.date, reason: str) -> dict[str, str]:
    """What is proposed. Beside it stands the promised last week, to which the flag falls back when the hold ends."""
    before, stored = hold_of(flag), kept_until(house.stores, flag.facts.thread_id)
    if stored is None:
        raise Refused(GONE)
    ceiling = before.ceiling if before else stored
    return {"until": until.isoformat(), "ceiling": ceiling.isoformat(), "reason": reason}


def agree(desk: Desk, flag: Flag, link: str, telling: AgreeForm) -> None:
    """The second guardian's part. Raises Refused, and whatever the stores raise."""
    hold = proposed_in(pairs.waiting(flag, HOLD, link))
    if hold is None or kept_until(house().stores, flag.facts.thread_id) is None:
        raise Refused(GONE)
    if not telling.reply.data or bytes_over(telling.reply.data, BRIEF_LIMIT):
        raise Refused("Write what the reporter is told, in fewer than 6,000 characters.")
    pairs.agree(desk, flag, HOLD, link, telling.item_bytes, reply=telling.reply.data)
    # last: what two do not hold to is never kept longer than promised. After a kill in between, `settle` does it as soon
    # as the desk of any guardian opens the flag again
    keep_until(house().stores, flag.facts.thread_id, week_to_keep(hold.ceiling, hold.until))


def until_in(proposal: Proposal) -> str:
    """Until when a proposal wants it kept, in words."""
    hold = proposed_in(proposal)
    return in_words(hold.until) if hold else ""
