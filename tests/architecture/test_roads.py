"""D1: what leaders read comes over one road, the session that the database keeps to released tables."""

import ast
from pathlib import Path

import pytest

ROOMS = Path(__file__).parents[2] / "concerns"
OTHER_ROADS = {"read_main", "write_main", "read_live", "write_live", "main", "live"}
#: room -> modules of it that need another road, and which
OTHERS: dict[str, dict[str, set[str]]] = {"reports": {}, "learning": {}}


def roads(text: str) -> set[str]:
    """The sessions and engines that code takes from the stores, whatever the stores are called there."""
    return {
        node.attr
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and node.attr in OTHER_ROADS
        and isinstance(node.value, ast.Attribute | ast.Name)
        and (node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id) == "stores"
    }


@pytest.mark.parametrize("room", OTHERS)
def test_d1_rooms_that_leaders_read_take_the_released_road(room: str) -> None:
    taken = {str(path.relative_to(ROOMS / room)): roads(path.read_text()) for path in (ROOMS / room).rglob("*.py")}
    assert {module: names for module, names in taken.items() if names} == OTHERS[room]


def test_d1_the_test_would_see_another_road() -> None:
    assert roads("with house().stores.read_main() as main: pass") == {"read_main"}
    assert roads("stores = house.stores\nstores.live.connect()") == {"live"}
    assert "read_released" in (ROOMS / "reports" / "views.py").read_text()
