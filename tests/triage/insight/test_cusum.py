"""Weekly counts are judged as rarely wrongly as the charts say, and soon enough."""

import math
from random import Random

import pytest

from concerns.triage.insight.cusum import (
    FALLING,
    IN_CONTROL,
    QUARTERS,
    RISING,
    STAYS,
    Chart,
    fallen_since,
    falling_chart,
    risen_since,
    rising_chart,
)

#: beyond the tables
LARGE = (11.0, 17.0, 26.0, 40.0)
LOOKS = 1500


def run_length(chart: Chart, mean: float, *, up: bool) -> float:
    """Weeks until a chart calls, on average, with counts of this mean: the Markov chain of Brook and Evans (1972).

    Its states are the levels below the threshold; the mean times from each solve a system of linear equations.
    """
    states = chart.threshold
    likely = [math.exp(-mean)]
    while len(likely) < mean + 12 * math.sqrt(mean) + 30:
        likely.append(likely[-1] * mean / len(likely))
    rows = []
    for level in range(states):
        row = [0.0] * states + [1.0]
        row[level] = 1.0
        for count, chance in enumerate(likely):
            step = QUARTERS * count - chart.reference
            following = max(0, level + (step if up else -step))
            if following < states:
                row[following] -= chance
        rows.append(row)
    return solved(rows)[0]


def solved(rows: list[list[float]]) -> list[float]:
    """The solution of a system of linear equations, by elimination; its matrix is dominated by its diagonal."""
    many = len(rows)
    for place, pivot in enumerate(rows):
        for row in rows[place + 1 :]:
            share = row[place] / pivot[place]
            if share:
                for column in range(place, many + 1):
                    row[column] -= share * pivot[column]
    found = [0.0] * many
    for place in reversed(range(many)):
        rest = sum(rows[place][column] * found[column] for column in range(place + 1, many))
        found[place] = (rows[place][many] - rest) / rows[place][place]
    return found


def falling(mean: float) -> Chart:
    chart = falling_chart(mean)
    assert chart is not None
    return chart


@pytest.mark.parametrize("chart", [*RISING, *map(rising_chart, LARGE)], ids=lambda chart: f"{chart.mean}")
def test_a_rise_is_called_wrongly_once_in_ten_years_at_most(chart: Chart) -> None:
    assert run_length(chart, chart.mean, up=True) >= IN_CONTROL
    assert run_length(chart, 2 * chart.mean + 0.5, up=True) <= 20


@pytest.mark.parametrize("chart", [*FALLING, *map(falling, LARGE)], ids=lambda chart: f"{chart.mean}")
def test_a_fall_is_called_wrongly_once_in_ten_years_at_most(chart: Chart) -> None:
    assert run_length(chart, chart.mean, up=False) >= IN_CONTROL
    assert run_length(chart, chart.mean / 2, up=False) <= 24


def test_the_run_length_would_tell_of_a_threshold_that_is_too_low() -> None:
    assert run_length(Chart(1.0, 6, 12), 1.0, up=True) < IN_CONTROL / 4


def test_the_run_length_is_what_happens() -> None:
    rng, chart, waits = Random(1), Chart(1.0, 6, 12), []
    for _ in range(LOOKS):
        level = weeks = 0
        while level < chart.threshold:
            level, weeks = max(0, level + QUARTERS * drawn(rng, 1.0) - chart.reference), weeks + 1
        waits.append(weeks)
    assert sum(waits) / LOOKS == pytest.approx(run_length(chart, 1.0, up=True), rel=0.1)


@pytest.mark.parametrize("mean", [0.03, 0.27, 0.9, 3.5, 7.9, 14.0])
def test_a_mean_between_two_rows_is_judged_by_the_one_that_calls_later(mean: float) -> None:
    assert run_length(rising_chart(mean), mean, up=True) >= IN_CONTROL
    chart = falling_chart(mean)
    assert chart is None or run_length(chart, mean, up=False) >= IN_CONTROL


@pytest.mark.parametrize("mean", [0.1, 1.0, 7.0])
def test_where_the_mean_is_only_known_from_a_year_few_looks_find_anything(mean: float) -> None:
    rng, wrong, right = Random(7), 0, 0
    for _ in range(LOOKS):
        year = [drawn(rng, mean) for _ in range(52)]
        chart = rising_chart((sum(year) + 1) / 52)
        wrong += risen_since([drawn(rng, mean) for _ in range(13)], chart) is not None
        grown = [drawn(rng, mean) for _ in range(5)] + [drawn(rng, 2 * mean + 0.5) for _ in range(8)]
        right += risen_since(grown, chart) is not None
    assert wrong / LOOKS <= 0.02
    assert right / LOOKS >= 0.2


def test_since_when_is_where_the_climb_began() -> None:
    chart = rising_chart(1.0)
    assert risen_since([1, 0, 2, 1, 1, 4, 3, 4], chart) == 5
    assert fallen_since([8, 9, 7, 8, 3, 4, 2, 3, 2], falling(8.0)) == 4


def test_a_call_fades_some_weeks_after_the_counts_are_as_usual() -> None:
    chart = rising_chart(1.0)
    grown = [1, 1, 6, 5, 4]
    shown = [risen_since([*grown, *[1] * later], chart) is not None for later in range(STAYS + 2)]
    assert shown == [*[True] * STAYS, False, False]


def test_no_weeks_and_no_flags_are_no_signal() -> None:
    assert risen_since([], rising_chart(1.0)) is None
    assert fallen_since([], falling(1.0)) is None
    assert risen_since([0] * 13, rising_chart(0.02)) is None
    assert falling_chart(0.9) is None


def drawn(rng: Random, mean: float) -> int:
    """A Poisson number."""
    count, product, least = 0, rng.random(), math.exp(-mean)
    while product > least:
        count, product = count + 1, product * rng.random()
    return count
