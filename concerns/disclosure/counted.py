"""Which flags were counted in which kind: sealed to the guardians with every step of a close, so that none counts twice."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from concerns.disclosure import budget
from concerns.disclosure.periods import Kind, Period
from concerns.sealing.text import from_text, to_text

_MARK_BYTES = 10
Batch = tuple[Kind, Fraction]


def mark_of(thread_id: bytes) -> bytes:
    """What stands for a thread in the list: shorter than its id, and of no use without the threads."""
    return hashlib.sha256(b"concerns-counted/1" + thread_id).digest()[:_MARK_BYTES]


@dataclass
class Counted:
    """Marks of counted threads and events, by kind and ε.

    None is ever dropped: a thread may outlive any year, and must not count again.
    """

    batches: dict[Batch, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def add(self, kind: Kind, epsilon: Fraction, thread_id: bytes) -> None:
        self.batches.setdefault((kind, epsilon), set()).add(mark_of(thread_id))

    def once(self, period: Period, epsilon: Fraction, event: bytes) -> bool:
        """Whether an event was not counted in this period yet; from now on it was. `event` is what names it alone."""
        # its mark looks like those of the threads: whoever does not know the event learns nothing of it
        own = f"{period}/".encode() + event
        counted = any(mark_of(own) in marks for (kind, _), marks in self.batches.items() if kind is period.kind)
        self.add(period.kind, epsilon, own)
        return not counted

    def marks(self) -> frozenset[bytes]:
        """The marks of all threads that were ever counted."""
        return frozenset().union(*self.batches.values())

    def of_kind(self, kind: Kind) -> frozenset[bytes]:
        """The marks of all threads that this kind counted: once per kind, ever."""
        return frozenset().union(*(marks for (one, _), marks in self.batches.items() if one is kind))

    def over_budget(self, epsilon: Fraction) -> frozenset[bytes]:
        """The marks of threads that may not be counted for this ε any more."""
        if budget.fits(sum((once for _, once in self.batches), Fraction(0)), epsilon):
            return frozenset()  # not even one that was counted in everything
        spent: dict[bytes, Fraction] = defaultdict(Fraction)
        for (_, once), marks in self.batches.items():
            for mark in marks:
                spent[mark] += once
        return frozenset(mark for mark, total in spent.items() if not budget.fits(total, epsilon))

    def as_json(self) -> list[list[str]]:
        return sorted(
            [str(kind), str(epsilon), marks_as_text(marks)] for (kind, epsilon), marks in self.batches.items()
        )

    @classmethod
    def from_json(cls, value: Iterable[tuple[str, str, str]]) -> "Counted":
        found: Mapping[Batch, set[bytes]] = {
            (Kind(kind), Fraction(epsilon)): marks_of_text(marks) for kind, epsilon, marks in value
        }
        return cls(dict(found))


def marks_as_text(marks: Iterable[bytes]) -> str:
    """Sorted: it holds no order of arrival."""
    return to_text(b"".join(sorted(marks)))


def marks_of_text(text: str) -> set[bytes]:
    marks = from_text(text)
    return {marks[start : start + _MARK_BYTES] for start in range(0, len(marks), _MARK_BYTES)}
