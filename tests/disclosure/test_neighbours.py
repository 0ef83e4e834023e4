"""D11: over all releases of all kinds, what is known with one flag and without it differs by e^Σε at most."""

import datetime as dt
import itertools
import math
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from concerns.disclosure.law import pmf
from concerns.disclosure.nodes import Node
from concerns.disclosure.periods import Period
from concerns.store.session import Stores, open_stores
from tests.disclosure.gate import Gate, Told

PERIODS = [Period(2026, n) for n in (1, 2, 3, 4)] + [Period(2026)]
KINDS = {"quarter": Fraction(1, 2), "year": Fraction(1)}


def told(rng: random.Random) -> Told:
    """A flag of any week, first sorted in time, late or never, perhaps sorted twice, perhaps excluding somebody."""
    week = dt.date(2026, 1, 5) + dt.timedelta(weeks=rng.randrange(48))
    first = week + dt.timedelta(days=rng.choice([0, 10, 60, 200]))
    days = [first, first + dt.timedelta(days=30)][: rng.choice([0, 1, 1, 2])]
    records = tuple((day, rng.choice(["T00", "T01", None]), rng.choice(["ward-1", "estates", None])) for day in days)
    return Told(week, records, rng.choice([None, None, "gita", "gwen"]))


def released(stores: Stores, directory: Path, flags: list[Told]) -> dict[tuple[Period, Node], int]:
    directory.mkdir()
    gate = Gate(stores, directory, flags=flags).with_facts(kinds=KINDS, estimate=100_000)
    return {(period, node): value for period in PERIODS for node, value in gate.close(period).values.items()}


def likelihood_ratio(kind: str) -> float:
    """The largest ratio of one node's law with one flag more, over all values: by enumeration."""
    epsilon = KINDS[kind]
    return max(pmf(epsilon, x - 1) / pmf(epsilon, x) for x in range(-200, 201))


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("seed", range(6))
def test_d11_one_flag_moves_one_node_of_each_kind_by_one(tmp_path: Path, empty_sqlite: Path, seed: int) -> None:
    rng = random.Random(seed)
    flags, one = [told(rng) for _ in range(25)], told(rng)
    tables = []
    for number, data in enumerate((flags, [*flags, one], [*flags, replace(one, thread_id=b"x" * 16)])):
        folder = tmp_path / f"stores{number}"
        folder.mkdir()
        for name in ("main.db", "live.db"):
            (folder / name).write_bytes((empty_sqlite / name).read_bytes())
        stores = open_stores(f"sqlite:///{folder}/main.db", f"sqlite:///{folder}/live.db")
        tables.append(released(stores, folder / "instance", data))
        stores.close()
    for first, second in itertools.combinations(tables, 2):
        moved = [
            (period.kind, second[key] - first[key]) for key in first if second[key] != first[key] for period in key[:1]
        ]
        assert all(abs(by) == 1 for _kind, by in moved)
        assert len({kind for kind, _by in moved}) == len(moved)
        ratio = math.prod(likelihood_ratio(kind) for kind, _by in moved)
        assert ratio <= math.exp(sum(KINDS.values())) * (1 + 1e-9)
