"""What is known of the noise: its variance, and how far the sum of several draws may lie from zero."""

import math
from fractions import Fraction
from functools import lru_cache

#: of the mass of the law; the range that a shown number carries
SHARE = 0.9


def pmf(epsilon: Fraction, x: int) -> float:
    """The probability of one draw being x."""
    q = math.exp(-epsilon)
    return (1 - q) / (1 + q) * math.exp(-epsilon * abs(x))


def variance(epsilon: Fraction, draws: int = 1) -> float:
    """Of the sum of so many independent draws."""
    q = math.exp(-epsilon)
    return draws * 2 * q / (1 - q) ** 2


@lru_cache(maxsize=4096)
def half_width(epsilon: Fraction, draws: int, share: float = SHARE) -> int:
    """The least h for which the sum of so many draws lies within -h and h with at least this probability."""
    if draws < 1:
        return 0
    probabilities = _half_law(epsilon, draws)
    reached, h = probabilities[0], 0
    while reached < share:
        h += 1
        reached += 2 * probabilities[h]
    return h


@lru_cache(maxsize=256)
def _half_law(epsilon: Fraction, draws: int) -> tuple[float, ...]:
    """P(sum = 0), P(sum = 1), …: the draws-fold convolution, by inverting its characteristic function.

    The circle is so large that what wraps around it is below 1e-15.
    """
    q = math.exp(-epsilon)
    reach = math.ceil(12 * math.sqrt(variance(epsilon, draws)) + 40 / epsilon)
    points = 2 * reach + 1
    cosines = [math.cos(2 * math.pi * k / points) for k in range(points)]
    weights = [((1 - q) ** 2 / (1 - 2 * q * cosines[k] + q * q)) ** draws for k in range(reach + 1)]
    heavy = [(k, 2 * weight) for k, weight in enumerate(weights) if k and weight > 1e-18]
    shown = math.ceil(6 * math.sqrt(variance(epsilon, draws)) + 10 / epsilon)
    return tuple(
        (1 + math.fsum(weight * cosines[k * x % points] for k, weight in heavy)) / points for x in range(shown)
    )
