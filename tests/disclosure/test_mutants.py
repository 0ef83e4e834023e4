"""Each mutant of the gate is noticed by the check that its D-test holds against the gate as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from concerns.disclosure import service
from tests.cast import Instance
from tests.conftest import instance_on
from tests.disclosure import checks, checks_of_words, mutants_of_words
from tests.disclosure.gate import Gate
from tests.disclosure.mutants import MUTANTS, Mutant

NOISY = {
    checks.d7_the_noise_has_its_law,
    checks.d3_one_draw_is_all_there_ever_is,
    checks.d3_a_draw_that_lacks_the_end_of_its_line_is_the_draw,
}
OF_WORDS = mutants_of_words.MUTANTS


@pytest.fixture
def founded_instance(tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]) -> Iterator[Instance]:
    """With the cast's keys, on one kind of store: what is broken lies above it, or is that store's own."""
    with instance_on("sqlite", tmp_path, founded, None) as instance:
        yield instance


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


@pytest.mark.parametrize("mutant", OF_WORDS, ids=str)
def test_every_mutant_of_words_and_rights_is_killed(
    founded_instance: Instance, monkeypatch: pytest.MonkeyPatch, mutant: mutants_of_words.Mutant
) -> None:
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
    mutant.apply(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        mutant.killed_by(founded_instance)


@pytest.mark.parametrize("check", dict.fromkeys(one.killed_by for one in OF_WORDS), ids=lambda one: one.__name__)
def test_words_and_rights_as_they_are_pass_them(
    founded_instance: Instance, monkeypatch: pytest.MonkeyPatch, check: checks_of_words.Check
) -> None:
    monkeypatch.setattr(service, "discrete_laplace", lambda _epsilon: 0)
    check(founded_instance)


def test_every_invariant_of_disclosure_has_a_mutant() -> None:
    killers = [one.killed_by.__name__ for one in (*MUTANTS, *OF_WORDS)]
    assert {name.split("_")[0] for name in killers} == {f"d{n}" for n in range(1, 17)}
    names = [one.name for one in (*MUTANTS, *OF_WORDS)]
    assert len({*names}) == len(names)
