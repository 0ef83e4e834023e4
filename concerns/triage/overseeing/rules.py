"""What the overseer is told, and how long is waited before something counts as missed."""

import datetime as dt
from dataclasses import dataclass

from concerns.people.duties.rules import Month

#: days after a period's calendar date within which guardians should close it
WINDOW = dt.timedelta(days=14)
#: after the time to acknowledge, one week more
GRACE = dt.timedelta(weeks=1)


@dataclass(frozen=True)
class MissedWindow:
    """A period that could have been closed and was not."""

    period: str
    since: str


@dataclass(frozen=True)
class Oversight:
    """The whole of the overseer's page."""

    reading_days: str
    months: tuple[Month, ...]
    windows: tuple[MissedWindow, ...]
    #: whether a flag that should long have been answered has no triage record; None for who must not know
    unanswered: bool | None
