"""Fetches the releases that a report stands on, and what can be said before there is one."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import Frozen, check_held, releases


@dataclass(frozen=True)
class Shelf:
    """All frozen releases, newest first."""

    frozen: tuple[Frozen, ...]
    launched_on: dt.date

    def find(self, period: Period) -> Frozen | None:
        return next((one for one in self.frozen if one.period == period), None)

    def up_to(self, period: Period) -> list[Frozen]:
        """What the report of a period stands on: its own release, and those of its kind before it."""
        return [one for one in self.frozen if one.period.kind is period.kind and one.period <= period]

    def before(self, period: Period) -> list[Frozen]:
        """The releases of the same kind before a period, oldest first."""
        return [one for one in reversed(self.frozen) if one.period.kind is period.kind and one.period < period]

    def before_launch(self, period: Period) -> bool:
        """Whether a period had ended before the service began: flags told then could not be sorted in time."""
        return period.end < self.launched_on


def check(shelf: Shelf, period: Period, directory: Path) -> None:
    """Raise LedgerRefused where the report of a period would stand on something else than what was frozen."""
    check_held(shelf.up_to(period), Ledger(directory))


def shelf(main: Session) -> Shelf:
    return Shelf(tuple(releases(main)), organisation(main).launched_on)


@dataclass(frozen=True)
class Outlook:
    """What can be said where there is no release yet."""

    #: whether the signed policy declares a kind of release; None where there is no signed policy to ask
    declared: bool | None
    #: from which day the first period of the service can be frozen
    first_day: dt.date | None = None


def outlook(main: Session, directory: Path) -> Outlook:
    """What the signed policy says of releases to come."""
    try:
        policy = charter.current(main, directory).policy
    except (charter.NotOpenYet, charter.CharterRefused):
        return Outlook(None)
    launched = organisation(main).launched_on
    days = [Period.of(kind, launched).cut_off(policy.cutoff_days) for kind in Kind if kind in policy.kinds]
    return Outlook(bool(days), min(days, default=None))
