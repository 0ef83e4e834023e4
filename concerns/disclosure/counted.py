"""Which flags were counted in which kind: sealed to the guardians with every step of a close, so that none counts twice."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from concerns.disclosure import budget
from concerns.disclosure.periods import Kind
from concerns.sealing.text import from_text, to_text

_MARK_BYTES = 10
Batch = tuple[Kind, int, Fraction]


def mark_of(thread_id: bytes) -> bytes:
    """What stands for a thread in the list: shorter than its id, and of no use without the threads."""
    return hashlib.sha256(b"concerns-counted/1" + thread_id).digest()[:_MARK_BYTES]


@dataclass
class Counted:
    """Marks of counted threads by kind, year and ε."""

    batches: dict[Batch, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def add(self, kind: Kind, year: int, epsilon: Fraction, thread_id: bytes) -> None:
        self.batches.setdefault((kind, year, epsilon), set()).add(mark_of(thread_id))

    def of_kind(self, kind: Kind) -> frozenset[bytes]:
        """The marks of all threads that this kind counted: once per kind, ever."""
        return frozenset().union(*(marks for (one, _, _), marks in self.batches.items() if one is kind))

    def over_budget(self, epsilon: Fraction) -> frozenset[bytes]:
        """The marks of threads that may not be counted for this ε any more."""
        spent: dict[bytes, Fraction] = defaultdict(Fraction)
        for (_, _, once), marks in self.batches.items():
            for mark in marks:
                spent[mark] += once
        return frozenset(mark for mark, total in spent.items() if not budget.fits(total, epsilon))

    def since(self, year: int) -> "Counted":
        """Without what was counted in earlier years: those threads have been purged."""
        return Counted({batch: set(marks) for batch, marks in self.batches.items() if batch[1] >= year})

    def as_json(self) -> list[list[str | int]]:
        """Sorted: it holds no order of arrival."""
        return sorted(
            [str(kind), year, str(epsilon), to_text(b"".join(sorted(marks)))]
            for (kind, year, epsilon), marks in self.batches.items()
        )

    @classmethod
    def from_json(cls, value: Iterable[tuple[str, int, str, str]]) -> "Counted":
        found: Mapping[Batch, set[bytes]] = {
            (Kind(kind), year, Fraction(epsilon)): _cut(from_text(marks)) for kind, year, epsilon, marks in value
        }
        return cls(dict(found))


def _cut(marks: bytes) -> set[bytes]:
    return {marks[start : start + _MARK_BYTES] for start in range(0, len(marks), _MARK_BYTES)}
