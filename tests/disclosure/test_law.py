import math
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import pytest

from concerns.disclosure.law import _half_law, half_width, pmf, variance

EPSILONS = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)]


def convolved(epsilon: Fraction, draws: int, reach: int) -> list[float]:
    """The law of the sum by plain convolution, from -reach to reach."""
    one = [pmf(epsilon, x) for x in range(-reach, reach + 1)]
    law = [1.0 if x == 0 else 0.0 for x in range(-reach, reach + 1)]
    for _ in range(draws):
        law = [
            math.fsum(law[j] * one[i - j + reach] for j in range(max(0, i - reach), min(2 * reach, i + reach) + 1))
            for i in range(2 * reach + 1)
        ]
    return law


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
@pytest.mark.parametrize("draws", [1, 2, 5])
def test_the_law_of_a_sum_is_its_convolution(epsilon: Fraction, draws: int) -> None:
    reach = math.ceil(30 / epsilon)
    expected = convolved(epsilon, draws, reach)
    found = _half_law(epsilon, draws)
    assert all(math.isclose(found[x], expected[reach + x], abs_tol=1e-12) for x in range(min(len(found), reach // 2)))


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
def test_the_variance_is_that_of_the_law(epsilon: Fraction) -> None:
    assert math.isclose(variance(epsilon), sum(x * x * pmf(epsilon, x) for x in range(-400, 401)), rel_tol=1e-9)
    assert math.isclose(variance(epsilon, 7), 7 * variance(epsilon))


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
@pytest.mark.parametrize("draws", [1, 3, 12, 200])
def test_the_range_holds_nine_times_in_ten_and_is_the_narrowest(epsilon: Fraction, draws: int) -> None:
    law, h = _half_law(epsilon, draws), half_width(epsilon, draws)
    inside = law[0] + 2 * math.fsum(law[1 : h + 1])
    assert inside >= 0.9 > inside - 2 * law[h]


def test_a_large_sum_takes_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there are points on the circle and weights that matter, and none for a second question."""
    half_width.cache_clear()
    _half_law.cache_clear()
    real, added = math.fsum, Counter[str]()

    def counting(terms: Iterable[float]) -> float:
        listed = list(terms)
        added["terms"] += len(listed)
        return real(listed)

    monkeypatch.setattr(math, "fsum", counting)
    assert half_width(Fraction(1, 4), 200) == 131
    steps = added["terms"]
    assert 0 < steps < 100_000
    assert half_width(Fraction(1, 4), 200) == 131
    assert added["terms"] == steps


def test_no_draws_have_no_range() -> None:
    assert half_width(Fraction(1), 0) == 0
