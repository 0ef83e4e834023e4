"""Quarters, years, and years of handling: what they are called, which weeks are theirs, and the one date from which they may be frozen."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

_QUARTERS = {1: "January to March", 2: "April to June", 3: "July to September", 4: "October to December"}


class WrongPeriod(ValueError):
    """What was typed is no period; the message says what one looks like."""


class Kind(StrEnum):
    """A declared kind of release."""

    QUARTER = "quarter"
    YEAR = "year"
    #: a year's table of how flags were handled, beside the one of what they were about
    HANDLING = "handling"


@dataclass(frozen=True, order=True)
class Period:
    """A calendar quarter, or a calendar year where `quarter` is 0: of what was told, or of how it was handled."""

    year: int
    quarter: int = 0
    handling: bool = False

    @classmethod
    def parse(cls, text: str) -> "Period":
        """From "2026-Q3", "2026" or "2026-handling". Raises WrongPeriod."""
        pattern = r"((?:19|20|21)[0-9]{2})(?:-Q([1-4])|(-HANDLING))?"
        found = re.fullmatch(pattern, text.strip().upper(), re.ASCII)
        if found is None:
            raise WrongPeriod(f"“{text[:40]}” is not a period. Write a quarter as 2026-Q3 or a year as 2026.")
        return cls(int(found[1]), int(found[2] or 0), bool(found[3]))

    @classmethod
    def of(cls, kind: Kind, day: dt.date) -> "Period":
        """The period of this kind that a day lies in. A week belongs to the period of its Monday."""
        return cls(day.year, (day.month + 2) // 3 if kind is Kind.QUARTER else 0, kind is Kind.HANDLING)

    def __str__(self) -> str:
        """What no other period of any kind is called: in addresses, the log and the ledger."""
        return f"{self.text}-handling" if self.handling else self.text

    @property
    def text(self) -> str:
        """When it is: "2026-Q3" or "2026". Beside it stands the kind."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def kind(self) -> Kind:
        if self.handling:
            return Kind.HANDLING
        return Kind.QUARTER if self.quarter else Kind.YEAR

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def end(self) -> dt.date:
        """The last day."""
        return self.next().start - dt.timedelta(days=1)

    @property
    def in_words(self) -> str:
        if self.handling:
            return f"{self.year}, how flags were handled"
        return f"{_QUARTERS[self.quarter]} {self.year}" if self.quarter else str(self.year)

    def next(self) -> "Period":
        if self.quarter in (0, 4):
            return Period(self.year + 1, 1 if self.quarter else 0, self.handling)
        return Period(self.year, self.quarter + 1)

    def previous(self) -> "Period":
        if self.quarter in (0, 1):
            return Period(self.year - 1, 4 if self.quarter else 0, self.handling)
        return Period(self.year, self.quarter - 1)

    def cut_off(self, days: int) -> dt.date:
        """Cut-off, calendar date and `frozen_on` in one: so many days after the last day, whoever presses when."""
        return self.end + dt.timedelta(days=days)


def rank(period: Period) -> tuple[dt.date, bool, bool]:
    """What sorts periods of all kinds by time: a year comes after its own last quarter, its handling after it."""
    return period.end, period.kind is not Kind.QUARTER, period.handling
