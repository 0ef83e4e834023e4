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

    def year_before(self, period: Period) -> Frozen | None:
        """The newest release of a whole year up to the end of a period."""
        years = (one for one in self.frozen if one.period.kind is Kind.YEAR and one.period.end <= period.end)
        return next(years, None)

    def before_launch(self, period: Period) -> bool:
        """Whether a period had ended before the service began: flags told then could not be sorted in time."""
        return period.end < self.launched_on


def check(shelf: Shelf, period: Period, directory: Path) -> None:
    """Raise LedgerRefused where the report of a period would stand on something else than what was frozen."""
    year = shelf.year_before(period)
    check_held([*shelf.up_to(period), *([year] if year else [])], Ledger(directory))


def shelf(main: Session, *kinds: Kind) -> Shelf:
    """Without a kind: the releases of what flags were about."""
    return Shelf(tuple(releases(main, *kinds)), organisation(main).launched_on)


@dataclass(frozen=True)
class Outlook:
    """What can be said where there is no release yet."""

    #: whether the signed policy declares a kind of release; None where there is no signed policy to ask
    declared: bool | None
    #: from which day the first period of the service can be frozen
    first_day: dt.date | None = None


def outlook(main: Session, directory: Path, today: dt.date) -> Outlook:
    """What the signed policy says of releases to come."""
    try:
        policy = charter.current(main, directory).policy_on(today)
    except (charter.NotOpenYet, charter.CharterRefused):
        return Outlook(None)
    launched = organisation(main).launched_on
    days = [Period.of(kind, launched).cut_off(policy.cutoff_days) for kind in Kind if kind in policy.kinds]
    return Outlook(bool(days), min(days, default=None))


def declares(main: Session, directory: Path, kind: Kind, today: dt.date) -> bool:
    """Whether the signed policy declares a kind of release."""
    try:
        return kind in charter.current(main, directory).policy_on(today).kinds
    except (charter.NotOpenYet, charter.CharterRefused):
        return False
