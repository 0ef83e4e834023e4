from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.display import Shown, show, threshold
from concerns.disclosure.law import half_width
from tests.disclosure import checks
from tests.disclosure.gate import Gate

HALF = Fraction(1, 2)
epsilons = st.sampled_from([Fraction(1, 4), HALF, Fraction(1), Fraction(2)])


def test_a_number_is_shown_with_its_range() -> None:
    shown = show(40, 1, HALF, 1000)
    assert shown == Shown(40, 35, 45)
    assert shown is not None
    assert shown.text == "about 40 (35 to 45)"
    assert shown.as_json() == {"value": 40, "low": 35, "high": 45}


@pytest.mark.parametrize(("epsilon", "least"), [(HALF, 14), (Fraction(1), 10), (Fraction(2), 10)])
def test_the_floor_rises_with_the_noise(epsilon: Fraction, least: int) -> None:
    assert show(least, 1, epsilon, 1000) is not None
    assert show(least - 1, 1, epsilon, 1000) is None


def test_more_than_a_quarter_of_the_staff_is_hidden() -> None:
    assert show(25, 1, HALF, 100) is not None
    assert show(26, 1, HALF, 100) is None


def test_a_policy_may_raise_the_floor_but_not_lower_it() -> None:
    assert show(15, 1, HALF, 1000, floor=20) is None
    assert show(9, 1, Fraction(2), 1000, floor=1) is None


@given(st.integers(-500, 5000), st.integers(1, 60), epsilons, st.integers(0, 20_000))
def test_what_is_shown_is_the_stored_sum_and_nothing_is_clamped(
    stored: int, nodes: int, epsilon: Fraction, staff: int
) -> None:
    shown = show(stored, nodes, epsilon, staff)
    hidden = stored < threshold(nodes, epsilon) or 4 * stored > staff
    assert (shown is None) == hidden
    if shown is not None:
        width = half_width(epsilon, nodes)
        assert (shown.low, shown.value, shown.high) == (stored - width, stored, stored + width)
        assert shown.low > 0


def test_d10_shown_as_stored_or_hidden_by_the_rule(sqlite_gate: Gate) -> None:
    checks.d10_shown_as_stored_or_hidden_by_the_rule(sqlite_gate)


def test_d10_only_four_shown_releases_make_a_silence(sqlite_gate: Gate) -> None:
    checks.d10_only_four_shown_releases_make_a_silence(sqlite_gate)
