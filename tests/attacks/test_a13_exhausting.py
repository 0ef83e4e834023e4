"""A13: keep a case alive until its budget is spent, so that no release may count it, and none is made."""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

import pytest

from concerns.disclosure.budget import CEILING
from concerns.disclosure.periods import Period
from tests.disclosure.gate import Gate, Told, counts, flag

pytestmark = pytest.mark.attack


class Exhausted(Exception):
    """The naive gate refuses: somebody would be counted over the ceiling."""


def metered(spent: dict[str, Fraction], cases: Iterable[str], epsilon: Fraction) -> int:
    """What a careful first version does: no release where any case is over its budget."""
    cases = list(cases)
    for case in cases:
        spent[case] = spent.get(case, Fraction(0)) + epsilon
        if spent[case] > CEILING:
            raise Exhausted(case)
    return len(cases)


def test_a13_succeeds_against_a_gate_that_refuses_whole_releases() -> None:
    spent: dict[str, Fraction] = {}
    for _ in range(4):
        assert metered(spent, ["long case", "another"], Fraction(1, 2)) == 2
    with pytest.raises(Exhausted):
        metered(spent, ["long case", "new"], Fraction(1, 2))


@pytest.mark.usefixtures("silent")
def test_a13_fails_where_the_case_is_left_out_and_the_release_goes_ahead(gate: Gate) -> None:
    """Told in December, counted for 3/2 in its quarter, and looked for again in two years of 3/2."""
    gate.with_facts(kinds={"quarter": Fraction(3, 2), "year": Fraction(1, 2)}, estimate=56)
    long_case = Told(dt.date(2026, 12, 7), ((dt.date(2026, 12, 8), "T00", None),))
    gate.flags = [long_case]
    assert [sum(gate.close(Period(2026, n)).values.values()) for n in (1, 2, 3, 4)] == [0, 0, 0, 1]
    gate.with_facts(kinds={"year": Fraction(3, 2)})
    gate.flags += [flag("T01") for _ in range(7)]
    assert sum(counts(gate.close(Period(2026))).values()) == 7
    gate.flags.append(Told(dt.date(2027, 3, 1), ((dt.date(2027, 3, 2), "T02", None),)))
    assert sum(counts(gate.close(Period(2027))).values()) == 1
