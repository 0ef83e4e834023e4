"""Whether a flag is from our own staff: two guardians may say that it is not, and then no close counts it."""

import datetime as dt

from concerns.triage import acts
from concerns.triage.acts import Written

#: what the two-person step is called in the thread
NOT_OURS = "not ours"


def not_ours(flag: Written) -> dt.date | None:
    """The day on which a second guardian agreed that this flag is not from our staff; None for one that counts."""
    days = [
        proposal.agreed.day
        for proposal in acts.proposals(flag, NOT_OURS)
        if proposal.agreed is not None and not proposal.withdrawn
    ]
    return min((day for day in days if day is not None), default=None)
