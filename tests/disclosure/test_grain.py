import datetime as dt
import inspect
import itertools
from fractions import Fraction

import pytest

from concerns.disclosure import grain, service
from concerns.disclosure.grain import choose, expected_per_year
from concerns.disclosure.nodes import Grain
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.turns import next_period
from tests.disclosure import checks
from tests.disclosure.gate import AREAS, HALF, THEMES, Gate, counts, flag, themes


def chosen(per_year: int, kind: Kind = Kind.YEAR, epsilon: Fraction = HALF) -> Grain:
    return choose(kind, epsilon, per_year, THEMES, AREAS, 20).grain


# nodes: whole 1, groups 4, themes 7, by division 28, by area 35; a node needs 8 flags at ε = 1/2
@pytest.mark.parametrize(
    ("per_year", "expected"),
    [
        (0, Grain.WHOLE),
        (31, Grain.WHOLE),
        (32, Grain.GROUPS),
        (55, Grain.GROUPS),
        (56, Grain.THEMES),
        (223, Grain.THEMES),
        (224, Grain.THEMES_BY_DIVISION),
        (280, Grain.THEMES_BY_AREA),
    ],
)
def test_the_finest_table_with_enough_flags_a_node(per_year: int, expected: Grain) -> None:
    assert chosen(per_year) is expected


def test_a_quarter_expects_a_quarter() -> None:
    assert chosen(56 * 4, Kind.QUARTER) is Grain.THEMES
    assert chosen(56 * 4 - 1, Kind.QUARTER) is Grain.GROUPS


def test_a_smaller_epsilon_needs_more_flags() -> None:
    assert chosen(111, epsilon=Fraction(1, 4)) is Grain.GROUPS
    assert chosen(111) is Grain.THEMES


def test_a_set_without_groups_skips_that_grain() -> None:
    assert choose(Kind.YEAR, HALF, 50, themes(6), AREAS, 20).grain is Grain.WHOLE


def test_what_to_expect_comes_from_releases_first() -> None:
    assert expected_per_year(120, [1, 2, 3, 4], 800) == 120
    assert expected_per_year(None, [10, 20, 30, 40], 800) == 100
    assert expected_per_year(None, [10, 20, 30], 800) == 800
    assert expected_per_year(-5, [], 800) == 0


def test_d8_nothing_that_settles_a_table_is_given_a_flag() -> None:
    assert set(inspect.signature(choose).parameters) == {
        "kind",
        "epsilon",
        "per_year",
        "themes",
        "areas",
        "smallest_area",
    }
    assert set(inspect.signature(grain.expected_per_year).parameters) == {"last_year", "last_quarters", "estimate"}
    assert set(inspect.signature(service.terms_for).parameters) == {"history", "facts", "period", "today"}


def test_d8_neighbouring_data_give_the_same_table(gate: Gate) -> None:
    checks.d8_neighbouring_data_give_the_same_terms(gate)


def test_d8_a_year_is_counted_by_the_theme_set_of_its_first_day(gate: Gate) -> None:
    checks.d8_a_year_is_counted_by_the_theme_set_of_its_first_day(gate)


@pytest.mark.usefixtures("silent")
def test_d8_a_split_agreed_during_the_year_keeps_its_flags_in_the_theme(gate: Gate) -> None:
    checks.d8_a_split_agreed_during_the_year_keeps_its_flags_in_the_theme(gate)


@pytest.mark.usefixtures("silent")
def test_d8_a_flag_of_the_first_days_makes_no_release_of_its_own(gate: Gate) -> None:
    checks.d8_a_flag_of_the_first_days_makes_no_release_of_its_own(gate)


def test_d8_the_next_year_follows_what_was_released_and_not_what_was_true(
    sqlite_gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two data sets that released the same values, by chance of their noise, go on in the same way."""
    terms = []
    for true in (0, 60):
        turn = itertools.count()
        # the first node of each table draws what makes its value 60
        monkeypatch.setattr(service, "discrete_laplace", lambda _, t=true, n=turn: 60 - t if next(n) % 7 == 0 else 0)
        gate = sqlite_gate.again(*(flag("T00") for _ in range(true))).with_facts(kinds={"year": HALF}, estimate=56)
        assert counts(gate.close(Period(2026))) == {"T00": 60}
        terms.append(service.terms_for(gate.history(), gate.facts, Period(2027), dt.date(2028, 1, 21)))
    assert terms[0] == terms[1]
    assert terms[0].table.grain is Grain.THEMES


def test_d8_who_may_close_next_is_told_a_week_and_no_flag() -> None:
    assert set(inspect.signature(next_period).parameters) == {"history", "facts", "kind", "first_week"}
