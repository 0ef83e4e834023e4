"""D11: over all releases of all kinds, what is known with one flag and without it differs by e^Σε at most."""

import pytest

from tests.disclosure import checks
from tests.disclosure.gate import Gate


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("seed", range(6))
def test_d11_one_flag_moves_one_node_of_each_kind_by_one(sqlite_gate: Gate, seed: int) -> None:
    checks.neighbours_stay_within_the_bound(sqlite_gate, seed)


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("seed", range(6))
def test_d11_one_telling_of_an_event_moves_one_node_of_each_kind_by_one(sqlite_gate: Gate, seed: int) -> None:
    checks.linked_neighbours_stay_within_the_bound(sqlite_gate, seed)
