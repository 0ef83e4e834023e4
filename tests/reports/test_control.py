import math
import random
from fractions import Fraction

import pytest

from concerns.disclosure.law import variance
from concerns.reports.control import (
    Direction,
    Limits,
    Measured,
    figure_direction,
    moving_range_limits,
    pair_direction,
    release_direction,
    release_limits,
)

#: NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2, individuals control chart: flow rates of ten batches
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
#: twelve figures around 10 that no rule rings at
QUIET = [10, 11, 9, 10, 9, 11, 10, 9, 11, 10, 10.5, 9.5]
NOISE = variance(Fraction(1, 2), 15)


def series(*values: int | None) -> list[Measured | None]:
    return [None if value is None else Measured(value, NOISE) for value in values]


class TestTypedInFigures:
    def test_the_limits_are_those_of_the_published_example(self) -> None:
        limits = moving_range_limits(NIST)
        assert limits is not None
        assert limits.mean == pytest.approx(50.81)
        assert limits.low == pytest.approx(45.8159, abs=0.001)
        assert limits.high == pytest.approx(55.8041, abs=0.001)
        assert not any(limits.beyond(value) for value in NIST)

    def test_a_range_out_of_line_does_not_widen_the_limits(self) -> None:
        """Beyond 3.267 mean ranges: two of eleven quiet ranges of one are the jump to 40 and back."""
        jumped = [10, 11] * 5 + [40] + [10, 11] * 5
        limits = moving_range_limits(jumped)
        assert limits is not None
        assert limits.high - limits.mean == pytest.approx(2.66)
        assert limits.beyond(40) == 1

    def test_chance_is_no_change(self) -> None:
        assert figure_direction(QUIET) is Direction.STEADY

    def test_one_beyond_the_limits(self) -> None:
        assert figure_direction([*QUIET, 16]) is Direction.UP
        assert figure_direction([*QUIET, 4]) is Direction.DOWN

    def test_seven_on_one_side(self) -> None:
        aside = [10.4, 10.6, 10.4, 10.6, 10.4, 10.6, 10.5]
        assert figure_direction([*QUIET, *aside]) is Direction.UP
        assert figure_direction([*QUIET, *aside[:6]]) is Direction.STEADY

    def test_seven_on_the_way(self) -> None:
        falling = [10.9, 10.8, 10.7, 10.2, 9.9, 9.7, 9.6]
        assert figure_direction([*QUIET, *falling]) is Direction.DOWN
        assert figure_direction([*QUIET, *falling[1:]]) is Direction.STEADY

    def test_two_of_three_beyond_two_thirds_on_the_same_side(self) -> None:
        limits = Limits(10.0, 7.0, 13.0)
        assert [limits.beyond(value, 2 / 3) for value in (12.1, 11.9, 7.9)] == [1, 0, -1]
        assert figure_direction([*QUIET, 14, 10, 14]) is Direction.UP
        assert figure_direction([*QUIET, 14, 10, 10]) is Direction.STEADY
        assert figure_direction([*QUIET, 6, 10, 14]) is Direction.STEADY

    @pytest.mark.parametrize("few", [[], [5.0], [5.0, 9.0], [5.0, 5.1, 5.0, 9.0]])
    def test_of_few_figures_nothing_is_said(self, few: list[float]) -> None:
        assert figure_direction(few) is Direction.EARLY

    @pytest.mark.parametrize("figure", [n / 10 for n in range(40, 60)])
    def test_figures_that_never_moved_go_nowhere(self, figure: float) -> None:
        """Their mean in floating point lies a hair aside of some of them."""
        assert figure_direction([figure] * 8) is Direction.STEADY
        assert figure_direction([*[figure] * 8, figure + 4]) is Direction.UP

    @pytest.mark.parametrize(
        "rounded",
        [
            [5.1, 5.1, 5.1, 5.1, 5.2],
            [5.2, 5.1, 5.1, 5.1, 5.1, 5.1, 5.1, 5.1],
            [5, 5, 5, 5, 6],
            [31, 30, 30, 30, 30, 30, 30, 30],
        ],
    )
    def test_one_typing_step_is_no_change(self, rounded: list[float]) -> None:
        limits = moving_range_limits(rounded)
        assert limits is not None and limits.high > limits.mean > limits.low
        assert figure_direction(rounded) is Direction.STEADY

    def test_many_typing_steps_are_one(self) -> None:
        assert figure_direction([5.1, 5.1, 5.1, 5.1, 5.1, 5.1, 5.6]) is Direction.UP
        assert figure_direction([5, 5, 5, 5, 5, 5, 10]) is Direction.UP

    @pytest.mark.parametrize("spread", [0.02, 0.05, 0.1, 0.2, 0.5])
    @pytest.mark.parametrize("count", [5, 6, 8, 12])
    def test_steady_figures_that_are_rounded_seldom_ring(self, spread: float, count: int) -> None:
        """Of steady figures typed to one decimal at most 3 in 100 were called a change; without the step up to 67."""
        rng = random.Random(1)
        times, rung = 1500, 0
        for _time in range(times):
            mean = 5.15 + rng.uniform(-0.05, 0.05)
            found = figure_direction([round(rng.gauss(mean, spread), 1) for _figure in range(count)])
            rung += found is not Direction.STEADY
        assert rung <= 0.03 * times


class TestReleases:
    def test_limits_are_widened_by_the_noise(self) -> None:
        limits = release_limits([Measured(100, NOISE)] * 4, NOISE)
        assert limits is not None
        assert limits.high - 100 == pytest.approx(3 * math.sqrt(100 + NOISE))
        assert limits.high - 100 > 3 * math.sqrt(100), "without the noise it would ring too often"

    def test_a_clear_rise_and_a_clear_fall(self) -> None:
        assert release_direction(series(100, 104, 98, 101, 200)) is Direction.UP
        assert release_direction(series(100, 104, 98, 101, 20)) is Direction.DOWN

    def test_chance_and_noise_are_no_change(self) -> None:
        assert release_direction(series(100, 104, 98, 101, 135)) is Direction.STEADY

    def test_two_of_three_beyond_two_thirds(self) -> None:
        assert release_direction(series(100, 104, 98, 101, 140)) is Direction.STEADY
        assert release_direction(series(100, 104, 98, 101, 140, 142)) is Direction.UP

    def test_nothing_is_made_of_hidden_sums(self) -> None:
        assert release_direction(series(100, 104, 98, 101, None)) is Direction.EARLY
        assert release_direction(series(100, None, None, 101, 200)) is Direction.EARLY
        assert release_direction(series(100, 104, 98, None, 101, 200)) is Direction.UP

    def test_two_sums_are_compared_at_three_standard_deviations_of_both(self) -> None:
        before, small = Measured(100, NOISE), 3 * math.sqrt(200 + 2 * NOISE)
        assert pair_direction(Measured(100 + round(small) - 2, NOISE), before) is Direction.STEADY
        assert pair_direction(Measured(100 + 2 * round(small), NOISE), before) is Direction.UP
        assert pair_direction(Measured(20, NOISE), before) is Direction.DOWN
        assert pair_direction(None, before) is pair_direction(before, None) is Direction.EARLY

    def test_what_is_long_ago_does_not_count(self) -> None:
        assert release_direction(series(*[400] * 4, *[100] * 8, 105)) is Direction.STEADY

    def test_the_first_release_has_no_direction(self) -> None:
        assert release_direction([]) is Direction.EARLY
        assert release_direction(series(100)) is Direction.EARLY
