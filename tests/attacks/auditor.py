"""A reconstruction auditor: which counts can a hidden cell hold, given every sum that is published?

Exact intervals by linear programming (HiGHS).
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import highspy

_SLACK = 1e-6


@dataclass(frozen=True)
class Interval:
    """What a cell may hold."""

    low: int
    high: float

    @property
    def solved(self) -> bool:
        return self.low == self.high

    @property
    def proves_somebody(self) -> bool:
        return self.low > 0

    def covers(self, low: int, high: int) -> bool:
        return self.low <= low and self.high >= high


Sums = Iterable[tuple[Collection[Hashable], int]]


def intervals(hidden: Collection[Hashable], sums: Sums, low: int = 0, high: float = math.inf) -> Mapping[Any, Interval]:
    """The least and the most of each hidden cell, where all are whole, within `low` and `high`, and the sums are true.

    Whoever knows by which rule cells were hidden knows more than 0 and infinity.
    """
    solver = _solver()
    columns = {cell: solver.addVariable(lb=low, ub=high) for cell in hidden}
    for cells, total in sums:
        if cells:
            solver.addConstr(_sum([columns[cell] for cell in cells]) == total)
    found = {}
    for cell, column in columns.items():
        solver.minimize(1.0 * column)
        least = math.ceil(solver.val(column) - _SLACK)
        solver.maximize(1.0 * column)
        bounded = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found[cell] = Interval(least, math.floor(solver.val(column) + _SLACK) if bounded else math.inf)
    return found


def nearest(values: Mapping[Any, int], sums: Sums) -> dict[Any, float]:
    """The table without counts below zero that lies nearest to all published values and sums, taken together."""
    solver = _solver()
    columns = {cell: solver.addVariable(lb=0) for cell in values}
    misses = []
    for cells, total in [*(([cell], value) for cell, value in values.items()), *sums]:
        miss = solver.addVariable(lb=0)
        misses.append(miss)
        together = _sum([columns[cell] for cell in cells])
        solver.addConstr(together - miss <= total)
        solver.addConstr(together + miss >= total)
    solver.minimize(_sum(misses))
    return {cell: solver.val(column) for cell, column in columns.items()}


def _solver() -> Any:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    return solver


def _sum(terms: Collection[Any]) -> Any:
    return reduce(add, terms, 0.0)
