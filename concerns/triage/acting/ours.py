"""Whether a flag is from our own staff: two guardians may say that it is not, and two may take that back."""

import datetime as dt

from concerns.triage import acts
from concerns.triage.acts import Written

#: what the two-person steps are called in the thread
NOT_OURS, OURS_AFTER_ALL = "not ours", "ours after all"


def not_ours(flag: Written) -> dt.date | None:
    """The day on which a second guardian agreed that this flag is not from our staff; None for one that counts.

    What two guardians agreed last holds.
    """
    place = {entry.link: number for number, entry in enumerate(flag.entries)}
    agreed = sorted(
        (place[proposal.agreed.link], what, proposal.agreed.day)
        for what in (NOT_OURS, OURS_AFTER_ALL)
        for proposal in acts.proposals(flag, what)
        if proposal.agreed is not None and not proposal.withdrawn
    )
    since: dt.date | None = None
    for _place, what, day in agreed:
        since = (since or day) if what == NOT_OURS else None
    return since


def counts_again(flag: Written) -> list[dt.date]:
    """The days on which two guardians agreed that it counts after all: from each on, in the next period that is closed."""
    agreed = [one.agreed for one in acts.proposals(flag, OURS_AFTER_ALL) if not one.withdrawn]
    return [entry.day for entry in agreed if entry is not None and entry.day is not None]
