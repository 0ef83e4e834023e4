"""Chi-square tests with fixed sizes, in the standard library alone."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from concerns.disclosure.law import pmf

#: a true build fails a test at this level once in a million runs
ALMOST_NEVER = 1e-6


def chi_square_p(statistic: float, degrees: int) -> float:
    """P(chi-square with so many degrees of freedom > statistic): the regularised upper incomplete gamma function."""
    a, x = degrees / 2, statistic / 2
    if x <= 0:
        return 1.0
    if x < a + 1:
        term = total = 1 / a
        n = a
        while term > total * 1e-15:
            n += 1
            term *= x / n
            total += term
        return 1 - total * math.exp(-x + a * math.log(x) - math.lgamma(a))
    b, c = x + 1 - a, 1e300
    d = h = 1 / b
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return math.exp(-x + a * math.log(x) - math.lgamma(a)) * h


def fit(observed: Counter[object], expected: dict[object, float]) -> float:
    """p of the observed counts under expected ones; cells that expect under 10 are pooled."""
    rare = {cell for cell, count in expected.items() if count < 10}
    cells = [(observed[cell], count) for cell, count in expected.items() if cell not in rare]
    known = sum(seen for seen, _ in cells)
    rest = sum(observed.values()) - sum(count for _, count in cells)
    if rest >= 10:
        cells.append((sum(observed.values()) - known, rest))
    statistic = sum((seen - count) ** 2 / count for seen, count in cells)
    return chi_square_p(statistic, len(cells) - 1)


def law_p(draws: Sequence[int], epsilon: Fraction) -> float:
    """p of draws under the discrete Laplace law."""
    reach = math.ceil(40 / epsilon)
    expected: dict[object, float] = {x: len(draws) * pmf(epsilon, x) for x in range(-reach, reach + 1)}
    return fit(Counter(draws), expected)


def same_law_p(one: Sequence[int], two: Sequence[int]) -> float:
    """p of two samples of one size being of one law, whatever it is."""
    first, second = Counter(one), Counter(two)
    both = first + second
    often = [x for x, count in both.items() if count >= 20]
    rest = [x for x in both if both[x] < 20]
    cells = [(first[x], second[x]) for x in often]
    cells.append((sum(first[x] for x in rest), sum(second[x] for x in rest)))
    statistic = sum((a - b) ** 2 / (a + b) for a, b in cells if a + b)
    return chi_square_p(statistic, len(cells) - 1)


def pairs_p(pairs: Sequence[tuple[int, int]], epsilon: Fraction) -> float:
    """p of pairs of draws being independent, each of the law: noise that is used twice fails."""
    reach = math.ceil(4 / epsilon)

    def one(x: int) -> float:
        return pmf(epsilon, x)

    inside = [(x, y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]
    expected: dict[object, float] = {(x, y): len(pairs) * one(x) * one(y) for x, y in inside}
    return fit(Counter(pairs), expected)


def binomial_above(n: int, p: float, k: int) -> float:
    """P(at least k of n succeed), each with probability p."""
    log_of: Callable[[int], float] = lambda i: (  # noqa: E731
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
    )
    return min(1.0, math.fsum(math.exp(log_of(i)) for i in range(k, n + 1)))
