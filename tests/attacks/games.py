"""Many small games at once: in each cell of one table a suspected flag is there or not, by lot, and somebody guesses.

Whoever knows everything else, and sees whatever is released, guesses right with probability e^ε/(1+e^ε) at most. The
number of games is fixed, and a gate that keeps its bound fails once in a million.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from concerns.disclosure.document import Stored
from concerns.disclosure.law import pmf
from concerns.disclosure.nodes import Node
from tests.attacks.naive import Cell
from tests.disclosure.gate import Gate, Told, areas, flag, themes
from tests.disclosure.statistics import ALMOST_NEVER, binomial_above

ROWS, COLUMNS = 20, 25
THEMES = [theme.code for theme in themes(ROWS)]
PLACES = [area.code for area in areas(COLUMNS)]
NAMES = {area.code: area.name for area in areas(COLUMNS)}
CELLS = [(theme, place) for theme in THEMES for place in PLACES]
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Score:
    """How often somebody guessed right."""

    right: int
    played: int

    @classmethod
    def of(cls, guesses: Iterable[bool]) -> "Score":
        said = list(guesses)
        return cls(sum(said), len(said))

    def keeps(self, bound: float) -> bool:
        """Whether so many right guesses are possible where none is right more often than the bound says."""
        return binomial_above(self.played, bound, self.right) > ALMOST_NEVER

    def reaches(self, bound: float) -> bool:
        """Whether so few are possible where each is right as often as the bound says: an attack that is none falls short."""
        return binomial_above(self.played, 1 - bound, self.played - self.right) > ALMOST_NEVER


def best_guess(epsilon: Fraction | int) -> float:
    """How often the best guess of an even suspicion is right, whatever is known besides."""
    return math.exp(epsilon) / (1 + math.exp(epsilon))


def exactly_right(epsilon: Fraction) -> float:
    """How often a stored value is the true one."""
    return pmf(epsilon, 0)


def averaged_right(epsilon: Fraction, draws: int) -> float:
    """How often the mean of so many draws (an even number), rounded, is the true value; half of the ties round to it.

    What strays far beyond that comes back too seldom to matter.
    """
    one = {x: pmf(epsilon, x) for x in range(-40, 41)}
    law, half = {0: 1.0}, draws // 2
    for _ in range(draws):
        after: dict[int, float] = defaultdict(float)
        for so_far, probability in law.items():
            for x, weight in one.items():
                if abs(so_far + x) <= 4 * half:
                    after[so_far + x] += probability * weight
        law = after
    return sum(law[x] for x in range(1 - half, half)) + law[half]


@dataclass(frozen=True)
class Lots:
    """What the insider knows of each cell, and where the suspected flag really is."""

    known: Mapping[Cell, int]
    there: Mapping[Cell, bool]

    def flags(self, known: Mapping[Cell, int] | None = None) -> list[Cell]:
        known = self.known if known is None else known
        return [cell for cell, count in known.items() for _ in range(count + self.there[cell])]

    def told(self) -> list[Told]:
        return [flag(*cell) for cell in self.flags()]

    def score(self, guess: Callable[[Cell], bool]) -> Score:
        return Score.of(guess(cell) == self.there[cell] for cell in self.known)


def lots(seed: int, known: Callable[[random.Random], int]) -> Lots:
    rng = random.Random(seed)
    return Lots({cell: known(rng) for cell in CELLS}, {cell: rng.random() < 0.5 for cell in CELLS})


def poisson(rng: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def fine_table(gate: Gate, **kinds: Fraction) -> Gate:
    """A gate whose tables have a node for each of the cells."""
    return gate.with_facts(kinds=kinds, themes=themes(ROWS), areas=areas(COLUMNS), estimate=10**9)


def node(cell: Cell) -> Node:
    return Node(theme=cell[0], area=NAMES[cell[1]])


def stored_in(stored: Stored, cell: Cell) -> int:
    return stored.values[node(cell)]
