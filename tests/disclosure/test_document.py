from fractions import Fraction

import pytest

from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.history import Terms
from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.nodes import Grain, Table
from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.places import area_places
from concerns.disclosure.queries import (
    NotFrozen,
    ledger_problems,
    release_document,
)
from tests.disclosure import checks
from tests.disclosure.checks import made_up
from tests.disclosure.gate import AREAS, Q1, THEMES, Gate, flag

HALF = Fraction(1, 2)


@pytest.fixture
def frozen(gate: Gate) -> Gate:
    checks.with_organisation(gate)
    gate.flags = [flag("T00") for _ in range(60)]
    gate.close(Q1)
    return gate


def test_a_release_has_the_agreed_shape(frozen: Gate) -> None:
    with frozen.stores.read_main() as main:
        document = release_document(main, frozen.ledger, None, "2026-Q1")
    agreed = ["organisation", "period", "epsilon", "grain", "frozen_on", "kind", "nodes", "total"]
    assert list(document) == [*agreed, "ledger", "checksum"]
    assert document["ledger"] == {"line": 3, "head": frozen.ledger.lines()[-1].head.hex()}
    assert (document["epsilon"], document["period"], document["kind"]) == ("1/2", "2026-Q1", "quarter")
    assert (document["grain"], document["frozen_on"]) == ("themes", "2026-04-21")
    assert all(list(node) == ["theme", "group", "division", "area", "shown"] for node in document["nodes"])
    assert [node["theme"] for node in document["nodes"]] == [*(theme.code for theme in THEMES), "other"]


def test_auditors_get_the_stored_values(frozen: Gate) -> None:
    with frozen.stores.read_main() as main:
        document = release_document(main, frozen.ledger, "quarter", "2026-Q1", measured=True)
    stored = frozen.stored(Q1)
    values = list(stored.values.values())
    assert [node["measured"] for node in document["nodes"]] == values
    head, *rows = stored.rows(measured=True)
    assert head[-1] == "measured"
    assert [row[-1] for row in rows] == [*values, sum(values)]


def test_d15_all_answers_come_from_the_same_bytes(gate: Gate) -> None:
    checks.d15_all_answers_come_from_the_same_bytes(gate)


def test_d10_every_number_is_a_sum_of_stored_nodes_or_hidden() -> None:
    one = made_up({"T00": 40, "T01": 13, "T02": -6})
    shown = {node["theme"]: node["shown"] for node in one.as_document()["nodes"]}
    assert shown["T00"] == {"value": 40, "low": 35, "high": 45}
    assert shown["T01"] is shown["T02"] is shown["T03"] is None
    assert one.total.measured == 47
    assert one.total.shown is not None
    assert one.total.shown.value == 47


def test_d10_zero_few_hidden_and_saturated_are_the_same_in_every_file(sqlite_gate: Gate) -> None:
    checks.d10_zero_few_hidden_and_saturated_are_the_same_in_every_file(sqlite_gate)


def test_d12_nothing_frozen_holds_an_id_a_finer_time_or_an_order(gate: Gate) -> None:
    checks.d12_nothing_frozen_holds_an_id_a_finer_time_or_an_order(gate)


@pytest.mark.usefixtures("silent")
def test_d12_the_same_counts_give_the_same_bytes_whatever_came_when(gate: Gate) -> None:
    checks.d12_the_same_counts_give_the_same_bytes_whatever_came_when(gate)


def test_places_keep_their_staff_and_lose_their_codes() -> None:
    table = Table(Grain.THEMES_BY_AREA, tuple(THEMES), area_places(AREAS, 20) or (), 282)
    day = Q1.cut_off(21)
    body = freeze(Q1, Terms("x", HALF, 1, table, 10, day, day), [0] * len(table.nodes))
    assert b"ward-1" not in body
    assert Stored.read(body).table.headcount(table.nodes[0]) == table.headcount(table.nodes[0])


def test_what_is_not_frozen_is_said(frozen: Gate) -> None:
    with frozen.stores.read_main() as main:
        frozen.part(Period(2026, 2), "gita")
        with pytest.raises(NotFrozen, match="2026-Q2 is not frozen yet"):
            release_document(main, frozen.ledger, None, "2026-Q2")


@pytest.mark.parametrize(("kind", "period"), [("year", "2026-Q1"), ("handling", "2026-Q1"), (None, "yesterday")])
def test_wrong_use_is_said(frozen: Gate, kind: str | None, period: str) -> None:
    with frozen.stores.read_main() as main, pytest.raises(WrongPeriod):
        release_document(main, frozen.ledger, kind, period)


def test_verify_names_what_is_wrong(frozen: Gate) -> None:
    with frozen.stores.read_main() as main:
        assert ledger_problems(main, frozen.ledger) == []
        frozen.ledger.path.write_bytes(frozen.ledger.path.read_bytes().replace(b"Wendle", b"Wandle"))
        assert ledger_problems(main, frozen.ledger) == ["Line 2 of the ledger has been changed or moved."]
        with pytest.raises(LedgerRefused):
            release_document(main, frozen.ledger, None, "2026-Q1")
