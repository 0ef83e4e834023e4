"""D7: what is stored is the true count and one independent exact draw. Builds that cheat must fail here."""

from fractions import Fraction

import pytest

from tests.disclosure import checks
from tests.disclosure.gate import Gate
from tests.disclosure.mutants import MUTANTS, Mutant

EPSILONS = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)]
CHEATS = [mutant for mutant in MUTANTS if mutant.killed_by is checks.d7_the_noise_has_its_law]


@pytest.mark.parametrize("epsilon", EPSILONS, ids=str)
def test_d7_stored_values_are_true_counts_and_one_exact_draw_each(sqlite_gate: Gate, epsilon: Fraction) -> None:
    verdict = checks.judged(sqlite_gate, epsilon)
    assert verdict.draws >= 100_000
    assert verdict.passes


@pytest.mark.parametrize("cheat", CHEATS, ids=str)
def test_d7_a_cheating_build_fails(sqlite_gate: Gate, monkeypatch: pytest.MonkeyPatch, cheat: Mutant) -> None:
    """At ε = 1/2, where floats are hardest to tell; at ε = 2 the list of mutants does the same."""
    cheat.apply(monkeypatch)
    assert not checks.judged(sqlite_gate, Fraction(1, 2), rows=128 if "float" in cheat.name else 32).passes
