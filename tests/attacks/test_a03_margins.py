"""A3: subtract what is shown from the margins, and read what was hidden."""

import math
import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from concerns.disclosure.nodes import Node
from concerns.disclosure.periods import Period
from tests.attacks.auditor import intervals
from tests.attacks.naive import SMALL, Cell, NaiveReport, naive_report, rounded_report, unrounded
from tests.disclosure.gate import Gate, areas, flag, themes
from tests.disclosure.statistics import ALMOST_NEVER, binomial_above

pytestmark = pytest.mark.attack

ROWS, COLUMNS = 20, 25
THEMES = [theme.code for theme in themes(ROWS)]
PLACES = [area.code for area in areas(COLUMNS)]
NAMES = {area.code: area.name for area in areas(COLUMNS)}


def poisson(rng: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def truth(rng: random.Random, mean: Callable[[], float]) -> dict[Cell, int]:
    return {(theme, place): poisson(rng, mean()) for theme in THEMES for place in PLACES}


def solved(report: NaiveReport) -> dict[Cell, int]:
    """Hidden cells that a margin gives away: those alone in their row or column, over and over."""
    known = {cell: count for cell, count in report.cells.items() if count is not None}
    found: dict[Cell, int] = {}
    while True:
        step: dict[Cell, int] = {}
        for side, margins in ((0, report.themes), (1, report.areas)):
            for name, total in margins.items():
                line = [cell for cell in report.cells if cell[side] == name]
                missing = [cell for cell in line if cell not in known]
                if len(missing) == 1:
                    step[missing[0]] = total - sum(known[cell] for cell in line if cell in known)
        if not step:
            return found
        known |= step
        found |= step


def test_a03_succeeds_against_the_naive_report() -> None:
    rng = random.Random(3)
    counts = truth(rng, lambda: rng.choice([2, *[14] * 14]))
    flags = [cell for cell, count in counts.items() for _ in range(count)]
    found = solved(naive_report(flags, THEMES, PLACES))
    assert len(found) >= 10
    assert all(counts[cell] == value < SMALL for cell, value in found.items())


def test_a03_succeeds_against_rounding_with_true_margins() -> None:
    """A table of nothing but zeros in a quiet quarter: its margins say who told of what, and that nobody else did."""
    rng, told = random.Random(33), THEMES[7]
    counts = {cell: min(2, poisson(rng, 0.4)) if cell[0] == told else 0 for cell in truth(rng, lambda: 0)}
    report = rounded_report([cell for cell, count in counts.items() for _ in range(count)], THEMES, PLACES)
    assert set(report.cells.values()) == {0}
    sums = [
        ([cell for cell in report.cells if cell[side] == name], total)
        for side, margins in ((0, report.themes), (1, report.areas))
        for name, total in margins.items()
    ]
    found = intervals(list(report.cells), sums, *unrounded(0))
    assert {cell: one.low for cell, one in found.items() if one.solved} == counts
    assert sum(map(bool, counts.values())) >= 5


@pytest.mark.parametrize("epsilon", [Fraction(1, 2), Fraction(1), Fraction(2)], ids=str)
def test_a03_fails_against_a_release_within_the_bound(gate: Gate, epsilon: Fraction) -> None:
    """The strongest insider: knows every other flag of a cell, sees its stored value and every sum of stored values.

    Of half of the cells, by lot, one suspected flag is really there. Whatever is summed, the best guess is right with
    probability e^ε/(1+e^ε) at most; and against a release of exact counts the same guess is always right.
    """
    rng = random.Random(4)
    gate.with_facts(kinds={"quarter": epsilon}, themes=themes(ROWS), areas=areas(COLUMNS), estimate=10**9)
    period, known = Period(2026, 1), truth(rng, lambda: 2)
    suspected = {cell: rng.random() < 0.5 for cell in known}
    gate.flags = [flag(*cell) for cell, count in known.items() for _ in range(count + suspected[cell])]
    stored = gate.close(period)
    # margins are sums of what is stored: subtracting the other cells from one leaves the stored cell, noise and all
    seen = {}
    for theme, place in known:
        row = {node: value for node, value in stored.values.items() if node.theme == theme}
        cell = Node(theme=theme, area=NAMES[place])
        seen[theme, place] = sum(row.values()) - sum(value for node, value in row.items() if node != cell)
    guessed_right = sum((seen[cell] > known[cell]) == suspected[cell] for cell in known)
    bound = math.exp(epsilon) / (1 + math.exp(epsilon))
    assert binomial_above(len(known), bound, guessed_right) > ALMOST_NEVER
    assert binomial_above(len(known), 1 - bound, len(known) - guessed_right) > ALMOST_NEVER
    # the same guess on exact counts, so that the test bench could tell
    exact = {cell: known[cell] + suspected[cell] for cell in known}
    assert all((exact[cell] > known[cell]) == suspected[cell] for cell in known)
    assert binomial_above(len(known), bound, len(known)) < ALMOST_NEVER
