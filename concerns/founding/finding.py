"""What one check of an instance found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One plain sentence; `good` is None for something to know that is not a fault."""

    name: str
    good: bool | None
    words: str
    #: no fault, and somebody should see to it nevertheless
    asks: bool = False


def asks(name: str, words: str) -> Finding:
    """Something that is no fault yet, and that somebody should see to."""
    return Finding(name, None, words, asks=True)


def as_findings(name: str, said: Iterable[tuple[bool | None, str]]) -> Iterator[Finding]:
    """The findings of a check that has nothing to ask for."""
    return (Finding(name, good, words) for good, words in said)
