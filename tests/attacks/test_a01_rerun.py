"""A1: run the report again a day later, when one more flag has come, and compare."""

import datetime as dt
import random
from collections import Counter

import pytest

from concerns.disclosure.periods import Period
from concerns.disclosure.turns import AlreadyFrozen
from tests.attacks.games import Score
from tests.attacks.naive import SMALL, Cell, NaiveReport, naive_report, starred
from tests.disclosure.gate import AREAS, Q1, THEMES, Gate, Told, flag, themes

pytestmark = pytest.mark.attack

CODES = [theme.code for theme in THEMES]
PLACES = [area.code for area in AREAS]
Q2 = Period(2026, 2)


def told(rng: random.Random, count: int) -> list[Cell]:
    return [(rng.choice(CODES), rng.choice(PLACES)) for _ in range(count)]


def difference(before: NaiveReport, after: NaiveReport) -> Cell | None:
    """What the attacker reads off: the one theme and the one area whose total moved."""
    themes = [theme for theme in after.themes if after.themes[theme] != before.themes[theme]]
    areas = [area for area in after.areas if after.areas[area] != before.areas[area]]
    return (themes[0], areas[0]) if len(themes) == len(areas) == 1 else None


@pytest.mark.parametrize("small", [0, SMALL, 10], ids=["exact", "hidden below 5", "hidden below 10"])
def test_a01_succeeds_against_the_naive_report(small: int) -> None:
    rng = random.Random(1)
    hits = 0
    for _ in range(100):
        flags = told(rng, 100)
        one_more = told(rng, 1)[0]
        before = naive_report(flags, CODES, PLACES, small)
        hits += difference(before, naive_report([*flags, one_more], CODES, PLACES, small)) == one_more
    assert hits == 100


def test_a01_succeeds_against_rounding_with_stars_more_often_than_one_in_four() -> None:
    """Twelve themes and fifteen areas, one flag a cell: where a zero turns into a star, theme and area are known."""
    rng, hits = random.Random(2), []
    cells = [(f"T{n:02}", f"a{m:02}") for n in range(12) for m in range(15)]
    for _ in range(400):
        counts, one_more = Counter(rng.choices(cells, k=180)), rng.choice(cells)
        after = counts + Counter([one_more])
        hits.append([cell for cell in cells if starred(after[cell]) != starred(counts[cell])] == [one_more])
    score = Score.of(hits)
    assert score.reaches(0.28)
    assert not score.keeps(1 / len(cells))  # what guessing would give


def test_a01_fails_against_a_release(gate: Gate) -> None:
    rng = random.Random(2)
    gate.flags = [flag(*cell) for cell in told(rng, 100)]
    first = gate.close(Q1)
    lines = gate.ledger.lines()
    # triaged in time or late, one more flag changes nothing: there is no second run
    gate.flags.append(flag(*told(rng, 1)[0]))
    gate.flags.append(Told(records=((dt.date(2026, 5, 4), *told(rng, 1)[0]),)))
    for who in ("gita", "gwen"):
        with pytest.raises(AlreadyFrozen):
            gate.part(Q1, who, dt.date(2026, 5, 5))
    assert gate.stored(Q1) == first
    assert gate.ledger.lines() == lines


def test_a01_the_next_release_cannot_be_subtracted_either(gate: Gate) -> None:
    """The late flag counts once, in the next release; but every node there has a draw of its own."""
    gate.with_facts(themes=themes(400), estimate=10**6, areas=AREAS[:1])
    first = gate.close(Q1)
    gate.flags = [Told(records=((dt.date(2026, 5, 4), "T007", None),))]
    second = gate.close(Q2)
    moved = [node for node in first.values if first.values[node] != second.values[node]]
    # two draws at ε = 1/2 are equal with probability 0.13: of 401 nodes a hundred and more always move
    assert first.table == second.table
    assert len(moved) > 200
