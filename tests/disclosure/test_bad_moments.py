"""A close at a bad moment: each is refused in one sentence, or ends as if nothing had happened."""

import dataclasses
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.periods import Period
from concerns.disclosure.turns import AlreadyFrozen, CloseRefused, SameGuardian
from tests.disclosure.gate import AREAS, Q1, Gate, flag

Q2 = Period(2026, 2)
MANY = 100_000


def together(*parts: Callable[[], object]) -> list[Exception]:
    """Do all of it at the same moment; returns what was refused."""
    refused: list[Exception] = []
    start = threading.Barrier(len(parts))

    def one(part: Callable[[], object]) -> None:
        start.wait()
        try:
            part()
        except CloseRefused as error:
            refused.append(error)

    threads = [threading.Thread(target=one, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def steps(gate: Gate) -> list[object]:
    return [line.entry.get("step") for line in gate.ledger.lines()[1:]]


@pytest.mark.usefixtures("silent")
def test_two_guardians_at_once_are_a_first_and_a_second_part(gate: Gate) -> None:
    gate.flags = [flag(excludes=who) for who in (None, "gita", "gwen")]
    assert together(lambda: gate.part(Q1, "gita"), lambda: gate.part(Q1, "gwen")) == []
    assert steps(gate) == ["begun", "frozen"]
    assert sum(gate.stored(Q1).values.values()) == 3


def test_one_guardian_twice_at_once_has_done_one_part(gate: Gate) -> None:
    refused = together(*[lambda: gate.part(Q1, "gita")] * 4)
    assert {type(one) for one in refused} == {SameGuardian}
    assert (len(refused), steps(gate)) == (3, ["begun"])


def test_the_second_part_twice_at_once_freezes_once(gate: Gate) -> None:
    gate.part(Q1, "gita")
    refused = together(*[lambda: gate.part(Q1, "gwen")] * 3)
    assert {type(one) for one in refused} == {AlreadyFrozen}
    assert (len(refused), steps(gate)) == (2, ["begun", "frozen"])


class TestALedgerThatIsShut:
    """On a disk that is full or mounted to be read only, or under another owner."""

    @pytest.fixture
    def shut(self, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Gate:
        real = os.open

        def refusing(path: str | Path, flags: int, *more: int) -> int:
            if Path(path) == gate.ledger.path and flags & os.O_RDWR:
                raise OSError(30, "Read-only file system")
            return real(path, flags, *more)

        monkeypatch.setattr(os, "open", refusing)
        return gate

    def test_nothing_is_closed_and_one_sentence_says_why(self, shut: Gate) -> None:
        with pytest.raises(LedgerRefused, match=r"cannot be written: Read-only file system\. Nothing can be closed"):
            shut.part(Q1, "gita")
        assert steps(shut) == []

    def test_it_is_done_when_the_ledger_opens_again(self, shut: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(LedgerRefused):
            shut.part(Q1, "gita")
        monkeypatch.undo()
        assert shut.close(Q1).period == Q1

    def test_so_with_a_folder_that_is_shut(self, gate: Gate, tmp_path: Path) -> None:
        elsewhere = Gate(gate.stores, tmp_path, gate.facts)
        elsewhere.directory = tmp_path / "nowhere"
        with pytest.raises(LedgerRefused, match="cannot be written: No such file or directory"):
            elsewhere.part(Q1, "gita")

    def test_and_with_one_that_cannot_be_read(self, gate: Gate) -> None:
        gate.ledger.path.unlink()
        gate.ledger.path.mkdir()
        with pytest.raises(LedgerRefused, match="cannot be read: Is a directory"):
            gate.part(Q1, "gita")


@pytest.mark.usefixtures("silent")
def test_d8_head_counts_that_change_within_a_closed_year_change_no_table_of_it(gate: Gate) -> None:
    gate.with_facts(estimate=MANY)
    first = gate.close(Q1)
    smaller = [dataclasses.replace(area, staff=area.staff // 4) for area in AREAS[:-1]]
    gate.with_facts(areas=smaller)
    second = gate.close(Q2)
    assert (second.table, second.terms.epsilon) == (first.table, first.terms.epsilon)
    assert gate.close(Period(2026, 3)).table.staff == first.table.staff
