"""What the admin wants of the first policy is merged into it, and nothing that no policy may say."""

from fractions import Fraction

import pytest

from concerns.charter.policy import CLOCKS, Policy, PolicyRefused
from concerns.charter.wanted import with_wishes

USUAL = Policy(kinds={"year": Fraction(1, 2)})


def test_what_is_not_wanted_stays() -> None:
    assert with_wishes(USUAL, {}) == USUAL


def test_what_is_wanted_is_in_it() -> None:
    wanted = {"retention_months": 6, "acknowledge_days": 5, "handling": True, "answers_show_releases": True}
    made = with_wishes(USUAL, wanted)
    assert (made.retention_months, made.answers_show_releases) == (6, True)
    assert made.clocks == {**CLOCKS, "acknowledge_days": 5}
    assert made.kinds == {"year": Fraction(1, 2), "handling": Fraction(1, 4)}


def test_fewer_kinds_may_be_wanted_and_no_others() -> None:
    both = Policy(kinds={"quarter": Fraction(1, 2), "year": Fraction(1, 2)})
    assert with_wishes(both, {"quarter": True, "year": True}) == both
    assert with_wishes(both, {"quarter": False}).kinds == {"year": Fraction(1, 2)}
    assert with_wishes(both, {"quarter": False, "year": False, "handling": True}).kinds == {}
    assert with_wishes(USUAL, {"quarter": True}) == USUAL
    assert with_wishes(Policy(kinds={}), {"quarter": True, "year": True}).kinds == {}


def test_the_calendar_is_in_it() -> None:
    made = with_wishes(USUAL, {"cutoff_days": 40, "collect_hour": 0})
    assert (made.cutoff_days, made.collect_hour) == (40, 0)


def test_handling_needs_other_numbers_beside_it_and_can_be_unwanted() -> None:
    assert with_wishes(Policy(kinds={}), {"handling": True}).kinds == {}
    both = Policy(kinds={"year": Fraction(1, 2), "handling": Fraction(1, 4)})
    assert with_wishes(both, {"handling": False}).kinds == {"year": Fraction(1, 2)}


@pytest.mark.parametrize(
    "wanted",
    [
        {"retention_months": 0},
        {"retention_months": 61},
        {"retention_months": "12"},
        {"retention_months": True},
        {"acknowledge_days": 29},
        {"watch_months": 0},
        {"cutoff_days": 6},
        {"cutoff_days": 91},
        {"collect_hour": 24},
        {"collect_hour": -1},
        {"quarter": "no"},
        {"answers_show_releases": 1},
        {"floor": 1},
        {"smallest_area": 2},
        {"kinds": {"quarter": "2"}},
    ],
)
def test_what_no_policy_may_say_is_refused(wanted: dict[str, object]) -> None:
    with pytest.raises(PolicyRefused):
        with_wishes(USUAL, wanted)
