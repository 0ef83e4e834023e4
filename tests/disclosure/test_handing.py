"""Guardians come and go between the closes, and in the middle of one: what was left for them is handed on."""

import json
from pathlib import Path

import pytest

from concerns.disclosure.handing import hand_on, lacking
from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.periods import Period
from concerns.disclosure.turns import CloseRefused, SameGuardian
from concerns.store.session import open_stores
from tests.disclosure import checks
from tests.disclosure.gate import Q1, SITE, Gate, flag
from tests.disclosure.test_following import dies

Q2, YEAR = Period(2026, 2), Period(2026)


def hands(gate: Gate, who: str) -> bool:
    return hand_on(gate.stores, gate.ledger, SITE, gate.closer(who))


def steps(gate: Gate) -> list[object]:
    return [line.entry["step"] for line in gate.ledger.lines()[1:]]


def test_without_handing_on_two_newcomers_close_nothing(gate: Gate) -> None:
    gate.close(Q1)
    gate.guardians = ("cora", "dora")
    for who in gate.guardians:
        with pytest.raises(CloseRefused, match="hands it on to you"):
            gate.part(Q2, who)


@pytest.mark.usefixtures("silent")
def test_guardians_change_one_by_one_and_those_who_came_close_the_next_period(gate: Gate) -> None:
    gate.flags = [flag() for _ in range(3)]
    gate.close(Q1)
    for guardians, who in ((("gita", "gwen", "cora"), "gwen"), (("gwen", "cora", "dora"), "cora")):
        gate.guardians = guardians
        assert hands(gate, who)
    gate.guardians = ("cora", "dora")
    assert sum(gate.close(Q2).values.values()) == 0  # what they were handed says what was counted
    assert steps(gate) == ["begun", "frozen", "handed", "handed", "begun", "frozen"]


@pytest.mark.usefixtures("silent")
def test_a_close_is_finished_by_who_came_in_its_middle(gate: Gate) -> None:
    gate.flags = [flag(), flag(excludes="gita")]
    gate.part(Q1, "gita")
    gate.guardians = ("gita", "gwen", "cora")
    assert hands(gate, "gwen")
    gate.guardians = ("gita", "cora")
    with pytest.raises(SameGuardian):
        gate.part(Q1, "gita")
    assert gate.part(Q1, "cora").frozen
    assert sum(gate.stored(Q1).values.values()) == 2
    assert sum(gate.close(Q2).values.values()) == 0


def test_s7_what_is_handed_on_is_the_same_and_never_for_who_drew_it(gate: Gate) -> None:
    checks.d7_what_is_handed_on_is_the_same_draw(gate)


def test_who_drew_it_hands_on_the_list_alone_and_another_the_vector(gate: Gate) -> None:
    gate.part(Q1, "gita")
    gate.guardians = ("gita", "gwen", "cora")
    assert hands(gate, "gita")
    first = gate.history().handed[-1]
    assert first.counted and not first.vectors
    assert lacking(gate.history(), gate.closer("gita"))
    assert not hands(gate, "gita") and not hands(gate, "cora")
    assert hands(gate, "gwen")
    second = gate.history().handed[-1]
    assert set(second.vectors) == {Q1} and not second.counted
    assert not lacking(gate.history(), gate.closer("gita"))
    assert not hands(gate, "gwen")
    assert gate.part(Q1, "cora").frozen


def test_nothing_is_handed_on_before_the_first_close_or_to_those_who_have_it(gate: Gate) -> None:
    assert not hands(gate, "gita")
    gate.close(Q1)
    assert not lacking(gate.history(), gate.closer("gita"))
    assert not hands(gate, "gita")
    assert steps(gate) == ["begun", "frozen"]


def test_no_length_tells_whom_it_was_handed_by(gate: Gate) -> None:
    gate.flags = [flag(excludes="gita") for _ in range(9)]
    gate.part(Q1, "gita")
    before = gate.history().begun[Q1]
    gate.guardians = ("gita", "gwen", "cora")
    hands(gate, "gwen")
    handed = gate.history().handed[-1]
    own, other = (json.loads(box)["payload"] for box in (before.vector, handed.vectors[Q1]))
    assert own == other


@pytest.mark.parametrize(
    "entry",
    [
        {"vectors": {"2026-Q1": "{}"}},  # of a period that is frozen
        {"vectors": {"2026": "{}"}},  # of one that nobody began
        {"vectors": {}, "more": 1, "counted": 3},
        {"vectors": []},
        {},
    ],
)
def test_d3_a_handed_line_that_hands_on_nothing_that_waits_is_refused(gate: Gate, entry: dict[str, object]) -> None:
    gate.close(Q1)
    gate.ledger.append({"step": "handed", "by": "11" * 16, **entry})
    with pytest.raises(LedgerRefused, match=r"does not follow|did not write"):
        gate.part(Q2, "gita")


def test_d3_nothing_is_handed_on_before_anything_was_left(gate: Gate) -> None:
    gate.ledger.append({"step": "handed", "by": "11" * 16, "vectors": {}, "counted": "{}"})
    with pytest.raises(LedgerRefused, match="does not follow"):
        gate.part(Q1, "gita")


@pytest.mark.parametrize("point", range(9))
def test_d3_a_kill_while_handing_on_leaves_the_one_draw(tmp_path: Path, empty_sqlite: Path, point: int) -> None:
    for name in ("main.db", "live.db"):
        (tmp_path / name).write_bytes((empty_sqlite / name).read_bytes())

    def opened() -> Gate:
        stores = open_stores(f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/live.db")
        return Gate(stores, tmp_path, guardians=("gita", "gwen", "cora"))

    gate = opened()
    gate.guardians = ("gita", "gwen")
    gate.part(Q1, "gita")
    drawn = gate.closer("gwen").unseal(gate.history().begun[Q1].vector)
    gate.stores.close()
    died = dies(lambda: hands(opened(), "gwen"), point)
    gate = opened()
    hands(gate, "gwen")
    assert died == (point < 7)
    assert steps(gate) == ["begun", "handed"]
    assert gate.closer("cora").unseal(gate.history().vector_of(Q1)) == drawn
    gate.guardians = ("gita", "cora")
    assert gate.part(Q1, "cora").frozen
    gate.stores.close()
