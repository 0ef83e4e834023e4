"""The law of everything that is released, by enumeration: the service is run once for every choice of the noise.

Nothing is assumed of how the service works. It is given the draws of a small grid, one after the other; what it then
freezes, of all periods and kinds, is the output, and its probability is the product of what the law says of the draws
that the service asked for, each at the ε it asked for.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from concerns.disclosure import ledger, service
from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.history import History
from concerns.disclosure.law import pmf
from concerns.disclosure.ledger import Ledger, Line
from concerns.disclosure.periods import Period
from concerns.store.session import Stores
from tests.disclosure.gate import SITE, Gate, Told, reading

#: what is released of all periods, in their order
Output = tuple[str, ...]
Law = Mapping[Output, float]
#: how a build uses the source of its noise; the usual one asks it once for every node
Use = Callable[[Callable[[Fraction], int]], Callable[[Fraction], int]]


@dataclass
class InMemory:
    """A ledger without its file: the ledger itself, and what a database does, have tests of their own."""

    kept: list[Line] = field(default_factory=list)

    def locked(self) -> Any:
        return nullcontext()

    def append(self, entry: Mapping[str, Any]) -> Line:
        self.kept.append(ledger.follow(self.kept[-1] if self.kept else None, entry))
        return self.kept[-1]


@dataclass
class Bench:
    """The real service over flags in memory."""

    facts: PublicFacts
    periods: Sequence[Period]
    monkeypatch: pytest.MonkeyPatch
    use: Use = lambda draw: draw
    #: of the grid; what the inner draws give, some draw of the grid gives too where a number is one more or less
    reach: int = 1
    #: which of the draws are tried; the others are 0, so that a number which should not move gives an output of its own
    vary: Sequence[int] | None = None

    def __post_init__(self) -> None:
        history = lambda _main, one, _site: History.read(tuple(one.kept))  # noqa: E731
        self.monkeypatch.setattr(service, "follow", history)

    def law(self, flags: Sequence[Told]) -> tuple[Law, frozenset[Output]]:
        """Of each output within the grid its probability, and which of them come of inner draws."""
        found: dict[Output, float] = defaultdict(float)
        inner = set()
        for draws, weight, output in self.runs(flags):
            found[output] += weight
            if all(abs(draw) < self.reach for draw in draws):
                inner.add(output)
        return found, frozenset(inner)

    def runs(self, flags: Sequence[Told]) -> Iterator[tuple[tuple[int, ...], float, Output]]:
        count = len(self.run(flags, itertools.repeat(0))[1])
        grid = range(-self.reach, self.reach + 1)
        varied = range(count) if self.vary is None else self.vary
        for draws in itertools.product(*(grid if n in varied else (0,) for n in range(count))):
            output, asked = self.run(flags, iter(draws))
            yield draws, math.prod(pmf(epsilon, draw) for epsilon, draw in zip(asked, draws, strict=True)), output

    def run(self, flags: Sequence[Told], draws: Iterator[int]) -> tuple[Output, list[Fraction]]:
        """Close all periods with these draws; what is frozen, and the ε of each draw that was asked for."""
        asked: list[Fraction] = []

        def source(epsilon: Fraction) -> int:
            asked.append(epsilon)
            return next(draws)

        self.monkeypatch.setattr(service, "discrete_laplace", self.use(source))
        book = InMemory()
        book.append({"ledger": "00" * 16, "site": SITE.hex()})
        for period in self.periods:
            for who in ("gita", "gwen"):
                self._part(book, period, flags, who)
        frozen = History.read(tuple(book.kept)).frozen
        return tuple((frozen[period].body or b"").decode() for period in self.periods), asked

    def _part(self, book: InMemory, period: Period, flags: Sequence[Told], who: str) -> None:
        nowhere = cast("Stores", SimpleNamespace(write_main=lambda: nullcontext(None)))
        gate = SimpleNamespace(guardians=("gita", "gwen"))
        service.close_part(
            nowhere,
            cast("Ledger", book),
            self.facts,
            period,
            today=period.cut_off(21),
            first_week=None,
            closer=Gate.closer(cast("Gate", gate), who),
            read=reading(flags, who),
        )


def largest_ratio(one: tuple[Law, frozenset[Output]], other: tuple[Law, frozenset[Output]]) -> float:
    """The largest ratio of the two laws either way, over every output that both should know."""
    ratios = [
        first[output] / second[output] if second.get(output) else math.inf
        for (first, inner), (second, _) in ((one, other), (other, one))
        for output in inner
    ]
    return max(ratios)
