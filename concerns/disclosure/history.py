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
    #: within how many days after its week a flag had to be answered first; 0 where the table does not say
    days_to_answer: int = 0
    #: what was told before this day was told under stricter rules, and is left out; None where nothing was
    collected_from: dt.date | None = None

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
            **({"days_to_answer": self.days_to_answer} if self.days_to_answer else {}),
            **({"collected_from": self.collected_from.isoformat()} if self.collected_from else {}),
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
            value.get("days_to_answer", 0),
            dt.date.fromisoformat(value["collected_from"]) if "collected_from" in value else None,
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


def handed_entry(by: bytes, counted: bytes | None, vectors: Mapping[Period, bytes]) -> dict[str, Any]:
    """A ledger line's content: what closes left is sealed anew, word for word, to the guardians in force."""
    entry = {"by": by.hex(), "step": "handed", "vectors": {str(one): box.decode() for one, box in vectors.items()}}
    return entry if counted is None else {**entry, "counted": counted.decode()}


@dataclass(frozen=True)
class Handed:
    """What closes left, sealed anew by a guardian who opens it. It draws nothing and counts nothing."""

    by: bytes
    line: Line
    #: empty where her key did not open it, or nobody lacked it
    counted: bytes
    #: of closes that wait for a second guardian
    vectors: Mapping[Period, bytes]

    @classmethod
    def read(cls, line: Line) -> "Handed":
        entry = line.entry
        vectors = {Period.parse(period): box.encode() for period, box in entry["vectors"].items()}
        return cls(bytes.fromhex(entry["by"]), line, entry.get("counted", "").encode(), vectors)


def _read(line: Line) -> Step | Handed:
    return Handed.read(line) if line.entry["step"] == "handed" else Step.read(line)


@dataclass(frozen=True)
class History:
    """All steps of all closes, in the ledger's order, and what was handed on between them."""

    ledger_id: bytes
    site_id: bytes
    steps: tuple[Step, ...]
    handed: tuple[Handed, ...] = ()

    @classmethod
    def read(cls, lines: Sequence[Line]) -> "History":
        """Raises LedgerRefused where the lines do not make sense: only what this program wrote does."""
        try:
            first, read = lines[0].entry, [_read(line) for line in lines[1:]]
            ledger_id, site_id = bytes.fromhex(first["ledger"]), bytes.fromhex(first["site"])
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise LedgerRefused("The ledger holds a line that this program did not write.") from error
        _check_turns(read)
        steps = tuple(one for one in read if isinstance(one, Step))
        return cls(ledger_id, site_id, steps, tuple(one for one in read if isinstance(one, Handed)))

    @cached_property
    def begun(self) -> dict[Period, Step]:
        return {step.period: step for step in self.steps if step.terms is not None}

    @cached_property
    def frozen(self) -> dict[Period, Step]:
        return {step.period: step for step in self.steps if step.body is not None}

    def pending(self, kind: Kind) -> Step | None:
        """The close of this kind that waits for a second guardian."""
        return next((s for p, s in self.begun.items() if p.kind is kind and p not in self.frozen), None)

    @property
    def waiting(self) -> list[Step]:
        """The closes of all kinds that wait for a second guardian."""
        return [step for period, step in self.begun.items() if period not in self.frozen]

    @property
    def counted(self) -> bytes:
        """The newest box with the list of what was counted so far; empty before the first close."""
        left: list[Step | Handed] = [*self.steps, *self.handed]
        boxes = [(one.line.number, one.counted) for one in left if one.counted]
        return max(boxes)[1] if boxes else b""

    def vector_of(self, period: Period) -> bytes:
        """The newest box with the first part's vector of a begun period."""
        handed = [one.vectors[period] for one in self.handed if period in one.vectors]
        return handed[-1] if handed else self.begun[period].vector

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


def _check_turns(steps: Sequence[Step | Handed]) -> None:
    waiting: dict[Kind, Step] = {}
    last: dict[Kind, Period] = {}
    begun = False
    for step in steps:
        if isinstance(step, Handed):
            # only what is there to be handed on: a vector of no close that waits would be a draw of its own
            fits = begun and {*step.vectors} <= {one.period for one in waiting.values()}
        else:
            fits = _follows(step, waiting.pop(step.kind, None), last.get(step.kind))
            begun = True
            if step.terms is not None:
                waiting[step.kind] = step
            else:
                last[step.kind] = step.period
        if not fits:
            raise LedgerRefused(f"Line {step.line.number} of the ledger does not follow from the lines before it.")


def _follows(step: Step, first: Step | None, last: Period | None) -> bool:
    """Whether a step may come after the first part that waits, if any, and the last period of its kind that is frozen."""
    if step.terms is None:
        return first is not None and first.period == step.period and first.by != step.by
    expected = (last or step.period.previous()).next()
    # a kind that was not declared for some years goes on with the first period of a year
    resumes = step.period > expected and step.period.start == dt.date(step.period.year, 1, 1)
    return first is None and (step.period == expected or resumes)
