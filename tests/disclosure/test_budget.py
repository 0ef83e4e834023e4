from fractions import Fraction

import pytest

from concerns.disclosure.budget import OverBudget, check, fits, kinds_for

HALF = Fraction(1, 2)


def test_kinds_suit_the_size() -> None:
    assert kinds_for(800, 3000) == {"quarter": HALF, "year": HALF}
    assert kinds_for(60, 300) == {"quarter": HALF, "year": HALF}
    assert kinds_for(59, 300) == {"year": Fraction(1)}
    assert kinds_for(800, 39) == {}


@pytest.mark.parametrize("kinds", [{}, {"quarter": HALF, "year": HALF}, {"quarter": Fraction(1), "year": Fraction(1)}])
def test_d6_kinds_within_the_ceiling_pass(kinds: dict[str, Fraction]) -> None:
    check(kinds)
    assert sum(kinds.values()) <= 2


@pytest.mark.parametrize(
    "kinds", [{"quarter": Fraction(1), "year": Fraction(1), "handling": Fraction(1, 100)}, {"year": Fraction(0)}]
)
def test_d6_kinds_beyond_the_ceiling_are_refused(kinds: dict[str, Fraction]) -> None:
    with pytest.raises(OverBudget, match="ceiling"):
        check(kinds)


def test_d6_a_flag_has_the_same_ceiling() -> None:
    assert fits(Fraction(3, 2), HALF)
    assert not fits(Fraction(3, 2), Fraction(3, 4))
