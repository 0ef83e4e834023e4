"""Freezing a large table, and counting very many flags, without envelopes: what the gate itself costs."""

import datetime as dt
import random
import resource
from collections.abc import Iterator
from fractions import Fraction

import pytest

from concerns.areas.rules import AreaFacts
from concerns.disclosure import service
from concerns.disclosure.counted import Counted
from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.grain import choose
from concerns.disclosure.history import Terms
from concerns.disclosure.nodes import Grain, ThemePart
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.sampler import discrete_laplace
from concerns.disclosure.service import CountedFlag, Unopened, Window
from tests.bench.measure import calibration, say, spent

pytestmark = pytest.mark.bench
PERIOD, HALF = Period(2026), Fraction(1, 2)
LARGE, VERY_LARGE = 3000, 1_000_000


def terms(themes: int, areas: int) -> Terms:
    """Of a table of themes by areas, `other` and `not-said` included in the numbers."""
    parts = [ThemePart(f"T{n:02}", f"Theme {n}", None) for n in range(themes - 1)]
    places = [AreaFacts(f"a{n:02}", f"Area {n:02}", f"Division {n % 4}", 400) for n in range(areas - 1)]
    table = choose(Kind.YEAR, HALF, 10**9, parts, places, 20)
    assert table.grain is Grain.THEMES_BY_AREA and len(table.nodes) == themes * areas
    day = dt.date(2027, 1, 21)
    return Terms("An invented trust", HALF, 1, table, 10, day, day)


def flags(count: int) -> Iterator[CountedFlag | Unopened]:
    rng = random.Random(1)
    for _ in range(count):
        yield CountedFlag(rng.randbytes(16), f"T{rng.randrange(14):02}", f"a{rng.randrange(12):02}")


def test_freezing_180_nodes_of_3000_flags() -> None:
    calibration()
    held, told = terms(15, 12), list(flags(LARGE))
    with spent() as freezing:
        tally, _ = service._count(lambda _window: told, Counted(), PERIOD, held)
        values = [tally[node] + discrete_laplace(HALF) for node in held.table.nodes]
        stored = Stored.read(freeze(PERIOD, held, values))
        stored.as_document()
    assert len(stored.values) == 180
    say(f"Counting {LARGE} flags, drawing and freezing 180 nodes, and its document", freezing.seconds)
    assert freezing.seconds < 1


def test_counting_a_million_flags() -> None:
    calibration()
    held, counted = terms(15, 12), Counted()
    with spent() as alone:
        for _ in flags(VERY_LARGE):
            pass
    before = memory()
    with spent() as counting:
        tally, _ = service._count(lambda _window: flags(VERY_LARGE), counted, PERIOD, held)
    say(f"Counting {VERY_LARGE:,} flags into 180 nodes", counting.seconds - alone.seconds)
    print(f"Memory beside: {memory() - before:.0f} MB at its highest")
    assert tally.total() == VERY_LARGE
    with spent() as handing:
        sealed = service.padded(counted.as_json())
    say(f"The list of {VERY_LARGE:,} marks that is sealed with every step", handing.seconds)
    print(f"It is {len(sealed) / 1e6:.1f} MB; memory beside then {memory() - before:.0f} MB")
    with spent() as asking:
        again = Counted.from_json([(kind, epsilon, marks) for kind, epsilon, marks in counted.as_json()])
        window = Window(PERIOD.end, held.triaged_by, again.of_kind(Kind.YEAR) | again.over_budget(HALF))
    say("Reading that list and asking what is left out", asking.seconds)
    assert not window.wants(next(iter(flags(1))).thread_id)
    assert counting.seconds < 60


def memory() -> float:
    """The most that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
