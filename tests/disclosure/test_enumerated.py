"""D11 without a theory: the laws of neighbouring data sets, enumerated draw by draw, differ by e^Σε at most."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from concerns.disclosure.nodes import Grain, Handling, Table
from concerns.disclosure.periods import Period
from concerns.triage.events.rules import Event
from tests.disclosure.enumeration import Bench, largest_ratio
from tests.disclosure.gate import FACTS, Told, event, themes
from tests.disclosure.mutants import ADDED_NOISE, PLACED, Edit, edit

HALF = Fraction(1, 2)
#: Σε of the kinds that a flag falls in
BOUND = math.exp(1)
SLACK = 1 + 1e-6
AUTUMN, YEAR, WINTER, NEXT_YEAR = Period(2026, 4), Period(2026), Period(2027, 1), Period(2027)
HANDLED = Period(2026, handling=True)
#: the first quarter of the service is its only one that year; so few flags that every table is one number
FEW = replace(FACTS, launched_on=dt.date(2026, 10, 1), estimate=1)
#: two numbers in each of a quarter's and a year's table
TWO_NODES = replace(FEW, themes=themes(1), estimate=10**6, areas=FACTS.areas[:1])

DAY = dt.date(2026, 11, 9)
RECORDS = ((DAY, "T00", "ward-1"),)
ONE, SEEN_BY_ONE = Told(DAY, RECORDS), Told(DAY, RECORDS, excludes="gita")
LATE = Told(DAY, ((dt.date(2027, 2, 1), "T00", "ward-1"),))
EVENT = event()
TOLD = Told(DAY, RECORDS, event=EVENT)
AGAIN = Told(DAY, ((DAY, "T01", None),), event=EVENT)
LATER = Told(dt.date(2027, 2, 1), ((dt.date(2027, 2, 3), "T01", None),), event=EVENT)
OTHERS = (Told(DAY, RECORDS), Told(DAY, RECORDS, excludes="gwen"), TOLD)


@pytest.mark.parametrize(
    ("more", "ratio"),
    [
        pytest.param(ONE, BOUND, id="a flag"),
        pytest.param(SEEN_BY_ONE, BOUND, id="a flag that one guardian cannot open"),
        pytest.param(LATE, BOUND, id="a flag that is sorted after the cut-off"),
        pytest.param(AGAIN, 1, id="a second telling of what was told"),
        pytest.param(LATER, BOUND, id="a telling in a later quarter of what was told"),
    ],
)
def test_d11_the_enumerated_laws_of_neighbours_stay_within_the_bound(
    monkeypatch: pytest.MonkeyPatch, more: Told, ratio: float
) -> None:
    """A quarter, its year, the next quarter and the next year: four numbers."""
    bench = Bench(FEW, [AUTUMN, YEAR, WINTER, NEXT_YEAR], monkeypatch)
    found = largest_ratio(bench.law(OTHERS), bench.law((*OTHERS, more)))
    assert found <= BOUND * SLACK
    assert math.isclose(found, ratio, rel_tol=1e-6)  # and it is reached: the flag was really counted


def test_d11_the_enumerated_laws_stay_within_the_bound_far_from_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter and its year, with draws from -6 to 6."""
    bench = Bench(FEW, [AUTUMN, YEAR], monkeypatch, reach=6)
    without = bench.law(OTHERS)
    assert len(without[1]) == 11**2
    assert largest_ratio(without, bench.law((*OTHERS, ONE))) <= BOUND * SLACK


@pytest.mark.parametrize("telling", [None, EVENT], ids=["alone", "of an event"])
def test_d11_the_enumerated_laws_stay_within_the_bound_with_a_table_of_handling(
    monkeypatch: pytest.MonkeyPatch, telling: Event | None
) -> None:
    """Beside a quarter and its year, eight numbers of how flags were handled; one of them may move, and one other."""
    facts = replace(FEW, kinds={**FEW.kinds, "handling": Fraction(1, 4)})
    hard = Handling(severe=True, in_time=False, discouraged=True)
    more = replace(ONE, event=telling, handling=hard)
    nodes = [node.handling for node in Table(Grain.HANDLING, (), (), 0).nodes]
    bench = Bench(
        facts, [AUTUMN, YEAR, HANDLED], monkeypatch, vary=[0, 1, 2 + nodes.index(hard), 2 + (nodes.index(hard) + 1) % 8]
    )
    found = largest_ratio(bench.law(OTHERS), bench.law((*OTHERS, more)))
    assert math.isclose(found, math.exp(1.25 if telling is None else 0.25), rel_tol=1e-6)


#: another in the node that holds some, one in the empty node, and one that counts nowhere
NEIGHBOURS = [ONE, replace(ONE, records=((DAY, "T000", None),)), AGAIN]


@pytest.mark.parametrize("more", NEIGHBOURS, ids=["more", "first", "again"])
def test_d11_the_enumerated_laws_of_tables_with_two_numbers_stay_within_the_bound(
    monkeypatch: pytest.MonkeyPatch, more: Told
) -> None:
    bench = Bench(TWO_NODES, [AUTUMN, YEAR], monkeypatch)
    assert largest_ratio(bench.law(OTHERS), bench.law((*OTHERS, more))) <= BOUND * SLACK


def used_twice(draw: Callable[[Fraction], int]) -> Callable[[Fraction], int]:
    """Each draw serves two numbers."""
    spare: list[int] = []

    def one(epsilon: Fraction) -> int:
        if not spare:
            spare.extend([draw(epsilon)] * 2)
        return spare.pop()

    return one


CHEATS: dict[str, Sequence[Edit]] = {
    "a floor on the true count": [edit("service._begin", ADDED_NOISE, f"({ADDED_NOISE} if tally[node] > 3 else 0)")],
    "no noise on empty nodes": [edit("service._begin", ADDED_NOISE, f"({ADDED_NOISE} if tally[node] else 0)")],
    "half the noise": [edit("service._begin", ADDED_NOISE, "tally[node] + discrete_laplace(2 * terms.epsilon)")],
    "counted in two nodes": [edit("service._count", PLACED, f"{PLACED}; tally[terms.table.nodes[-1]] += 1")],
    "noise used twice": [],
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_d11_the_enumeration_notices_a_cheating_build(monkeypatch: pytest.MonkeyPatch, cheat: str) -> None:
    for change in CHEATS[cheat]:
        change.apply(monkeypatch)
    bench = Bench(TWO_NODES, [AUTUMN, YEAR], monkeypatch)
    if cheat == "noise used twice":
        bench.use = used_twice
    before = bench.law(OTHERS)
    assert any(largest_ratio(before, bench.law((*OTHERS, more))) > BOUND * 1.5 for more in NEIGHBOURS)


def test_d11_the_enumeration_notices_a_flag_that_counts_in_two_quarters(monkeypatch: pytest.MonkeyPatch) -> None:
    edit("service._count", "counted.of_kind(period.kind) |", "frozenset() |").apply(monkeypatch)
    bench = Bench(FEW, [AUTUMN, YEAR, WINTER, NEXT_YEAR], monkeypatch)
    assert math.isclose(largest_ratio(bench.law(OTHERS), bench.law((*OTHERS, ONE))), math.exp(2))
