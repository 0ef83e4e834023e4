"""Each mutant of the gate is noticed by the check that its D-test holds against the gate as it is."""

import pytest

from concerns.disclosure import service
from tests.disclosure import checks
from tests.disclosure.gate import Gate
from tests.disclosure.mutants import MUTANTS, Mutant

NOISY = {checks.d7_the_noise_has_its_law, checks.d3_one_draw_is_all_there_ever_is}


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_every_mutant_is_killed(sqlite_gate: Gate, monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    if mutant.killed_by not in NOISY:
        monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
    mutant.apply(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        mutant.killed_by(sqlite_gate)


@pytest.mark.parametrize("check", dict.fromkeys(one.killed_by for one in MUTANTS), ids=lambda one: one.__name__)
def test_the_gate_as_it_is_passes_them(sqlite_gate: Gate, monkeypatch: pytest.MonkeyPatch, check: checks.Check) -> None:
    if check not in NOISY:
        monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
    check(sqlite_gate)


def test_every_invariant_of_the_gate_has_a_mutant() -> None:
    numbers = {mutant.killed_by.__name__.split("_")[0] for mutant in MUTANTS}
    assert numbers == {f"d{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15)}
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
