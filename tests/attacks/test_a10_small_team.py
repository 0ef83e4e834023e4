"""A10: look at the number of a team of four."""

import random

import pytest

from concerns.areas.rules import AreaFacts
from concerns.disclosure.nodes import Node
from concerns.disclosure.periods import Period
from tests.attacks.games import HALF, Score, best_guess
from tests.attacks.naive import exact_report, naive_report, rounded
from tests.disclosure.gate import Gate, flag, themes

pytestmark = pytest.mark.attack

TEAMS = range(200)
AREAS = [
    area
    for n in TEAMS
    for area in (
        AreaFacts(f"team-{n}", f"Team {n}", f"Division {n:03}", 4),
        AreaFacts(f"ward-{n}", f"Ward {n}", f"Division {n:03}", 17),
    )
]


def there() -> list[bool]:
    """Of each division one flag is known; whether it came from the team of four or from the ward, by lot."""
    rng = random.Random(17)
    return [rng.random() < 0.5 for _ in TEAMS]


def places(small: list[bool]) -> list[str]:
    return [f"team-{n}" if small[n] else f"ward-{n}" for n in TEAMS]


def test_a10_succeeds_against_the_numbers_of_areas() -> None:
    small = there()
    codes = [area.code for area in AREAS]
    flags = [("T000", place) for place in places(small)]
    exact = exact_report(flags, ["T000"], codes)
    assert Score.of((exact.areas[f"team-{n}"] == 1) == small[n] for n in TEAMS) == Score(200, 200)
    # a threshold for cells that leaves areas their totals does not help, nor does rounding once three are planted
    hidden = naive_report(flags, ["T000"], codes)
    score = Score.of((hidden.areas[f"team-{n}"] == 1) == small[n] for n in TEAMS)
    assert score == Score(200, 200)
    assert Score.of((rounded(2 + small[n]) == 5) == small[n] for n in TEAMS) == Score(200, 200)
    assert not score.keeps(best_guess(HALF))


def test_a10_fails_where_small_teams_are_merged_before_they_are_counted(gate: Gate) -> None:
    """No number tells team from ward: a guess is right as often as a coin, for every ε."""
    small = there()
    gate.with_facts(areas=AREAS, themes=themes(1), estimate=10**9)
    gate.flags = [flag("T000", place) for place in places(small)]
    stored = gate.close(Period(2026, 1))
    pools = [Node(theme="T000", area=f"Division {n:03}: other areas") for n in TEAMS]
    assert {node for node in stored.values if node.theme == "T000"} == {*pools, Node(theme="T000", area="not-said")}
    for least in (0, 1, 2):
        score = Score.of((stored.values[pools[n]] >= least) == small[n] for n in TEAMS)
        assert score.keeps(best_guess(0)) and score.reaches(best_guess(0))
