"""Fetches the releases that a report stands on, and from which day a first one can be expected."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.queries import Frozen, releases


@dataclass(frozen=True)
class Shelf:
    """All frozen releases, newest first."""

    frozen: tuple[Frozen, ...]

    def find(self, period: Period) -> Frozen | None:
        return next((one for one in self.frozen if one.period == period), None)

    def before(self, period: Period) -> list[Frozen]:
        """The releases of the same kind before a period, oldest first."""
        return [one for one in reversed(self.frozen) if one.period.kind is period.kind and one.period < period]


def shelf(main: Session) -> Shelf:
    return Shelf(tuple(releases(main)))


def first_day(main: Session, directory: Path) -> dt.date | None:
    """From which day the first release can exist; None where none is declared, or nothing is open yet."""
    try:
        policy = charter.current(main, directory).policy
    except (charter.NotOpenYet, charter.CharterRefused):
        return None
    launched = organisation(main).launched_on
    days = [Period.of(kind, launched).cut_off(policy.cutoff_days) for kind in Kind if kind in policy.kinds]
    return min(days, default=None)
