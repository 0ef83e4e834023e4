"""A11: nobody needs to know who of a team told, where nearly all did; nor what somebody told, where all told the same."""

import random

import pytest

from concerns.areas.rules import AreaFacts
from concerns.disclosure.nodes import Node
from concerns.disclosure.periods import Period
from concerns.reports.rules import report
from tests.attacks.games import HALF, PLACES, THEMES, Score, best_guess, fine_table, stored_in
from tests.attacks.naive import Cell, exact_report, naive_report, starred
from tests.disclosure.gate import Gate, flag, themes

pytestmark = pytest.mark.attack

WARDS = {24: 22, 30: 27, 60: 55, 100: 90}
AREAS = [AreaFacts(f"w{staff}", f"Ward of {staff}", f"Division {staff}", staff) for staff in (*WARDS, 4000)]


def test_a11_succeeds_against_every_threshold() -> None:
    """22 of the 24 on a ward: a threshold hides what is small, and this is not."""
    flags = [("T000", f"w{staff}") for staff, count in WARDS.items() for _ in range(count)]
    report = naive_report(flags, ["T000"], [area.code for area in AREAS], small=10)
    assert [report.cells["T000", f"w{staff}"] for staff in WARDS] == list(WARDS.values())
    assert [starred(count) for count in WARDS.values()] == [20, 25, 55, 90]


@pytest.mark.usefixtures("silent")
def test_a11_a_large_share_of_a_place_looks_like_none(gate: Gate) -> None:
    """Without noise: every number is far above the floor, so that its share alone hides it; a draw of -12 is not so rare."""
    gate.with_facts(areas=AREAS, themes=themes(1), estimate=10**9)
    gate.flags = [flag("T000", f"w{staff}") for staff, count in WARDS.items() for _ in range(count)]
    stored = gate.close(Period(2026, 1))
    nodes = [Node(theme="T000", area=f"Ward of {staff}") for staff in WARDS]
    assert [stored.values[node] for node in nodes] == list(WARDS.values())
    assert [stored.node(node).shown for node in nodes] == [None] * len(nodes)
    sections = {section.name: section for section in report(stored, []).sections}
    for staff in WARDS:
        section = sections[f"Division {staff}"]
        assert section.total is not None
        assert (section.total.shown, section.places[0].total.shown, section.places[0].themes) == (None, None, ())


class TestTheme:
    """Everybody knows that she told; of which of two themes, by lot. Another theme costs 2ε: it moves two nodes."""

    def dealt(self) -> dict[tuple[str, str, str], bool]:
        rng = random.Random(18)
        pairs = [(THEMES[n], THEMES[n + 1], place) for n in range(0, len(THEMES), 2) for place in PLACES]
        return {pair: rng.random() < 0.5 for pair in pairs}

    def cells(self, dealt: dict[tuple[str, str, str], bool]) -> list[Cell]:
        return [(one if first else two, place) for (one, two, place), first in dealt.items()]

    def test_a11_succeeds_against_exact_counts(self) -> None:
        dealt = self.dealt()
        exact = exact_report(self.cells(dealt), THEMES, PLACES)
        score = Score.of((exact.cells[one, place] == 1) == first for (one, _, place), first in dealt.items())
        assert score == Score(250, 250)
        assert not score.keeps(best_guess(2 * HALF))

    def test_a11_fails_against_a_release_within_twice_the_bound(self, gate: Gate) -> None:
        dealt = self.dealt()
        gate.flags = [flag(*cell) for cell in self.cells(dealt)]
        stored = fine_table(gate, quarter=HALF).close(Period(2026, 1))
        score = Score.of(
            (stored_in(stored, (one, place)) > stored_in(stored, (two, place))) == first
            for (one, two, place), first in dealt.items()
        )
        assert score.keeps(best_guess(2 * HALF))
