"""D7: what is stored is the true count and one independent exact draw. Builds that cheat must fail here."""

import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from concerns.disclosure import service
from concerns.disclosure.periods import Period
from concerns.disclosure.sampler import discrete_laplace
from concerns.store.session import Stores, open_stores
from tests.disclosure.gate import Gate, areas, flag, themes
from tests.disclosure.statistics import ALMOST_NEVER, law_p, pairs_p

EPSILONS = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)]
QUARTERS = [Period(2026, n) for n in (1, 2, 3, 4)]


@pytest.fixture
def sqlite(tmp_path: Path, empty_sqlite: Path) -> Iterator[Stores]:
    """One kind of store is enough here: the draws never touch it."""
    for name in ("main.db", "live.db"):
        (tmp_path / name).write_bytes((empty_sqlite / name).read_bytes())
    stores = open_stores(f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/live.db")
    yield stores
    stores.close()


@dataclass(frozen=True)
class Verdict:
    """p of the law over all draws, and of independence between neighbours in a table and between releases."""

    draws: int
    law: float
    beside: float
    after: float

    @property
    def passes(self) -> bool:
        return min(self.law, self.beside, self.after) > ALMOST_NEVER


def judged(stores: Stores, directory: Path, epsilon: Fraction, *, rows: int = 256) -> Verdict:
    """Close four quarters of rows × 100 nodes, take off the true counts, and judge what is left."""
    gate = Gate(stores, directory)
    gate.with_facts(kinds={"quarter": epsilon}, themes=themes(rows - 1), areas=areas(99), estimate=10**9)
    gate.flags = [flag(f"T{n % 50:03}", f"a{n % 60:03}") for n in range(3000)]
    first = gate.close(QUARTERS[0])
    true = dict.fromkeys(first.values, 0)
    table = gate.history().terms_of(QUARTERS[0]).table
    for told in gate.flags:
        true[table.place(*told.records[0][1:])] += 1
    noise = [[first.values[node] - true[node] for node in true]]
    # later quarters count nothing: every node of theirs is empty
    noise += [list(gate.close(period).values.values()) for period in QUARTERS[1:]]
    draws = list(itertools.chain.from_iterable(noise))
    beside = [(row[n], row[n + 1]) for row in noise for n in range(0, len(row) - 1, 2)]
    after = [pair for one, two in zip(noise[::2], noise[1::2], strict=True) for pair in zip(one, two, strict=True)]
    return Verdict(len(draws), law_p(draws, epsilon), pairs_p(beside, epsilon), pairs_p(after, epsilon))


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
def test_d7_stored_values_are_true_counts_and_one_exact_draw_each(
    sqlite: Stores, tmp_path: Path, epsilon: Fraction
) -> None:
    verdict = judged(sqlite, tmp_path, epsilon)
    assert verdict.draws >= 100_000
    assert verdict.passes


def no_noise(_epsilon: Fraction) -> int:
    return 0


def rounded_float(epsilon: Fraction) -> int:
    """What a build with the textbook's continuous noise would do."""
    u = random.random() - 0.5
    return round(-math.copysign(math.log(1 - 2 * abs(u)), u) / float(epsilon))


def twice(epsilon: Fraction) -> Callable[[Fraction], int]:
    """Each draw serves two nodes."""
    spare: list[int] = []

    def draw(_epsilon: Fraction) -> int:
        if not spare:
            spare.extend([discrete_laplace(epsilon)] * 2)
        return spare.pop()

    return draw


def sticky(epsilon: Fraction) -> Callable[[Fraction], int]:
    """The same noise for a node in every release."""
    table = [discrete_laplace(epsilon) for _ in range(32 * 100)]
    turn = itertools.count()
    return lambda _epsilon: table[next(turn) % len(table)]


def too_quiet(_epsilon: Fraction) -> int:
    return discrete_laplace(_epsilon * 2)


@pytest.mark.parametrize(
    ("cheat", "rows"),
    [(lambda _: no_noise, 32), (lambda _: rounded_float, 128), (twice, 32), (sticky, 32), (lambda _: too_quiet, 32)],
    ids=["none", "float", "used twice", "sticky", "half the noise"],
)
@pytest.mark.parametrize("epsilon", [Fraction(1, 2), Fraction(2)], ids=str)
def test_d7_a_cheating_build_fails(
    sqlite: Stores,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    epsilon: Fraction,
    cheat: Callable[[Fraction], Callable[[Fraction], int]],
    rows: int,
) -> None:
    monkeypatch.setattr(service, "discrete_laplace", cheat(epsilon))
    assert not judged(sqlite, tmp_path, epsilon, rows=rows).passes
