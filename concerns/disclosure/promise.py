"""The published bound: how far all numbers together can lift a suspicion. Promise page, preview and documentation share it."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

#: suspicions that somebody may have before reading any report
SUSPICIONS = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 5))


class Bound(NamedTuple):
    """What may become of one suspicion, at most, against somebody who sent one flag, or two."""

    before: Fraction
    once: float
    twice: float


def lifted(suspicion: Fraction, epsilon: Fraction, flags: int = 1) -> float:
    """The most that published numbers can make of a suspicion against somebody who sent so many flags."""
    factor = math.exp(epsilon * flags)
    prior = float(suspicion)
    return prior * factor / (prior * factor + 1 - prior)


def one_in(chance: float) -> int:
    """0.125 as "about 1 in 8"."""
    return round(1 / chance)


def bounds(kinds: Mapping[str, Fraction], suspicions: Sequence[Fraction] = SUSPICIONS) -> list[Bound]:
    """The table of the promise, from the kinds that are declared."""
    epsilon = sum(kinds.values(), Fraction(0))
    return [Bound(one, lifted(one, epsilon), lifted(one, epsilon, 2)) for one in suspicions]
