"""A16: read the incident off the names of the rows, or off how fine the table is."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from concerns.disclosure.nodes import Grain, ThemePart
from concerns.disclosure.periods import Period
from concerns.disclosure.service import terms_for
from tests.attacks.games import HALF, Score, best_guess
from tests.disclosure.gate import THEMES, Gate, flag

pytestmark = pytest.mark.attack

GAMES, EDGE = 40, 32  # a year of 32 flags is told by group, a year of 31 as one number


def dealt(seed: int) -> list[bool]:
    rng = random.Random(seed)
    return [rng.random() < 0.5 for _ in range(GAMES)]


def adaptive_report(flags: Iterable[str]) -> dict[str, int]:
    """A report that chooses its rows by what was told: those of enough flags, and a new one for every new word."""
    counts = Counter(flags)
    return dict(counts) if counts.total() >= EDGE else {"all": counts.total()}


def test_a16_succeeds_against_rows_made_from_the_flags() -> None:
    there = dealt(22)
    tables = [adaptive_report(["staffing"] * (EDGE - 1) + ["night of the fire"] * one) for one in there]
    by_grain = Score.of(("all" not in table) == one for table, one in zip(tables, there, strict=True))
    by_name = Score.of(("night of the fire" in table) == one for table, one in zip(tables, there, strict=True))
    assert by_grain == by_name == Score(GAMES, GAMES)
    assert not by_grain.keeps(best_guess(HALF))


def test_a16_fails_where_the_grain_follows_released_totals(gate: Gate) -> None:
    """31 planted flags, and how fine next year's table is says whether there was one more: within the bound of that year."""
    there, guesses = dealt(23), []
    for one in there:
        other = gate.again(*(flag("T00") for _ in range(EDGE - 1 + one)))
        other.with_facts(kinds={"year": HALF}, estimate=10)
        assert other.close(Period(2026)).table.grain is Grain.WHOLE
        terms = terms_for(other.history(), other.facts, Period(2027), Period(2027).cut_off(21))
        guesses.append((terms.table.grain is Grain.GROUPS) == one)
    score = Score.of(guesses)
    assert score.keeps(best_guess(HALF))


@pytest.mark.usefixtures("silent")
def test_a16_fails_where_the_names_are_fixed_for_the_year(gate: Gate) -> None:
    """A theme named after the incident, in its own quarter, changes no table of that year."""
    first = gate.close(Period(2026, 1)).table
    gate.with_facts(themes=[*THEMES, ThemePart("T99", "Night of the fire", "Group 0")], theme_set=2)
    gate.flags = [flag("T99")]
    second = gate.close(Period(2026, 2))
    assert second.table == first
    assert b"fire" not in (gate.history().frozen[Period(2026, 2)].body or b"")
