"""What the ledger's lines say: which periods were begun, by whom and on what terms, and which are frozen."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from concerns.disclosure.ledger import LedgerRefused, Line
from concerns.disclosure.nodes import Table
from concerns.disclosure.periods import Kind, Period


@dataclass(frozen=True)
class Terms:
    """What a close is held on: all of it public, and fixed when it begins."""

    organisation: str
    epsilon: Fraction
    theme_set: int
    table: Table
    floor: int
    #: the calendar date, whenever the button is pressed
    frozen_on: dt.date
    #: the last day of a first triage record that counts
    triaged_by: dt.date

    @property
    def sorted_before(self) -> dt.date | None:
        """Before which day a flag had to be sorted first; None where the begin of the close itself is the limit."""
        return self.frozen_on if self.triaged_by < self.frozen_on else None

    def as_json(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "epsilon": str(self.epsilon),
            "theme_set": self.theme_set,
            "table": self.table.as_json(),
            "floor": self.floor,
            "frozen_on": self.frozen_on.isoformat(),
            "triaged_by": self.triaged_by.isoformat(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Terms":
        return cls(
            value["organisation"],
            Fraction(value["epsilon"]),
            value["theme_set"],
            Table.from_json(value["table"]),
            value["floor"],
            dt.date.fromisoformat(value["frozen_on"]),
            dt.date.fromisoformat(value["triaged_by"]),
        )


def entry_of(period: Period, by: bytes, counted: bytes, outcome: tuple[Terms, bytes] | bytes) -> dict[str, Any]:
    """A ledger line's content: the first step states its terms and the sealed vector, the second one the frozen bytes.

    `counted` and the vector are boxes (text) for guardians alone.
    """
    entry = {"period": str(period), "by": by.hex(), "counted": counted.decode()}
    if isinstance(outcome, bytes):
        return {**entry, "step": "frozen", "body": outcome.decode()}
    terms, vector = outcome
    return {**entry, "step": "begun", "terms": terms.as_json(), "vector": vector.decode()}


@dataclass(frozen=True)
class Step:
    """One guardian's part in a close. The first one states `terms` and holds the sealed vector, the second the body."""

    period: Period
    by: bytes
    #: sealed to all guardians: which threads were counted so far
    counted: bytes
    line: Line
    terms: Terms | None = None
    vector: bytes = b""
    #: the frozen bytes
    body: bytes | None = None

    @property
    def kind(self) -> Kind:
        return self.period.kind

    @classmethod
    def read(cls, line: Line) -> "Step":
        entry = line.entry
        begun = entry["step"] == "begun"
        return cls(
            Period.parse(entry["period"]),
            bytes.fromhex(entry["by"]),
            entry["counted"].encode(),
            line,
            terms=Terms.from_json(entry["terms"]) if begun else None,
            vector=entry["vector"].encode() if begun else b"",
            body=None if begun else entry["body"].encode(),
        )


@dataclass(frozen=True)
class History:
    """All steps of all closes, in the ledger's order."""

    ledger_id: bytes
    site_id: bytes
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, lines: Sequence[Line]) -> "History":
        """Raises LedgerRefused where the lines do not make sense: only what this program wrote does."""
        try:
            first = lines[0].entry
            found = cls(bytes.fromhex(first["ledger"]), bytes.fromhex(first["site"]), tuple(map(Step.read, lines[1:])))
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise LedgerRefused("The ledger holds a line that this program did not write.") from error
        _check_turns(found.steps)
        return found

    @cached_property
    def begun(self) -> dict[Period, Step]:
        return {step.period: step for step in self.steps if step.terms is not None}

    @cached_property
    def frozen(self) -> dict[Period, Step]:
        return {step.period: step for step in self.steps if step.body is not None}

    def pending(self, kind: Kind) -> Step | None:
        """The close of this kind that waits for a second guardian."""
        return next((s for p, s in self.begun.items() if p.kind is kind and p not in self.frozen), None)

    def terms_of(self, period: Period) -> Terms:
        """The terms on which a begun period is closed."""
        terms = self.begun[period].terms
        if terms is None:
            raise KeyError(period)
        return terms

    def last_frozen(self, kind: Kind) -> Period | None:
        return max((period for period in self.frozen if period.kind is kind), default=None)

    def terms_of_year(self, kind: Kind, year: int) -> Terms | None:
        """The terms fixed at the year's first close of this kind."""
        own = sorted(period for period in self.begun if period.kind is kind and period.year == year)
        return self.terms_of(own[0]) if own else None


def _check_turns(steps: Sequence[Step]) -> None:
    waiting: dict[Kind, Step] = {}
    last: dict[Kind, Period] = {}
    for step in steps:
        first = waiting.pop(step.kind, None)
        if step.terms is not None:
            fits = first is None and last.get(step.kind, step.period.previous()).next() == step.period
            waiting[step.kind] = step
        else:
            fits = first is not None and first.period == step.period and first.by != step.by
            last[step.kind] = step.period
        if not fits:
            raise LedgerRefused(f"Line {step.line.number} of the ledger does not follow from the lines before it.")
