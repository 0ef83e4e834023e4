import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.nodes import Grain, Handling, Node, Table, ThemePart
from concerns.disclosure.places import area_places, division_places
from tests.disclosure.gate import AREAS, THEMES

PLACES = {Grain.THEMES_BY_AREA: area_places(AREAS, 20), Grain.THEMES_BY_DIVISION: division_places(AREAS, 20)}


def table(grain: Grain) -> Table:
    return Table(grain, tuple(THEMES), PLACES.get(grain) or (), 282)


tables = st.sampled_from([table(grain) for grain in Grain])
theme_codes = st.one_of(st.none(), st.sampled_from([theme.code for theme in THEMES]), st.text(max_size=5))
area_codes = st.one_of(st.none(), st.sampled_from([area.code for area in AREAS]), st.text(max_size=5))


handlings = st.builds(Handling, st.booleans(), st.booleans(), st.booleans())


@given(tables, theme_codes, area_codes, handlings)
def test_d4_every_flag_falls_in_exactly_one_node_of_the_list(
    table: Table, theme: str | None, area: str | None, handling: Handling
) -> None:
    assert table.nodes.count(table.place(theme, area, handling)) == 1


def test_where_nobody_looked_how_a_flag_was_handled_nothing_is_guessed() -> None:
    with pytest.raises(ValueError, match="nobody looked"):
        table(Grain.HANDLING).place(None, None)


@given(tables)
def test_d4_nodes_are_disjoint(table: Table) -> None:
    assert len(set(table.nodes)) == len(table.nodes)


@given(tables)
def test_a_table_reads_what_it_writes(table: Table) -> None:
    assert Table.from_json(json.loads(json.dumps(table.as_json()))) == table


@pytest.mark.parametrize(
    ("grain", "size", "keys"),
    [
        (Grain.WHOLE, 1, set()),
        (Grain.GROUPS, 4, {"group"}),
        (Grain.THEMES, 7, {"theme"}),
        (Grain.THEMES_BY_DIVISION, 7 * 4, {"theme", "division"}),
        (Grain.THEMES_BY_AREA, 7 * 5, {"theme", "area"}),
    ],
)
def test_nodes_have_the_keys_of_their_grain_only(grain: Grain, size: int, keys: set[str]) -> None:
    nodes = table(grain).nodes
    assert len(nodes) == size
    assert all({name for name, value in node.as_json().items() if value is not None} == keys for node in nodes)


def test_what_fits_nothing_has_its_own_node() -> None:
    by_area = table(Grain.THEMES_BY_AREA)
    assert by_area.place(None, None) == Node(theme="other", area="not-said")
    assert by_area.place("T01", "gone") == Node(theme="T01", area="not-said")
    assert by_area.place("T01", "day-surgery") == Node(theme="T01", area="Surgery: other areas")
    assert table(Grain.GROUPS).place("gone", "ward-1") == Node(group="other")


def test_head_counts_are_those_of_the_place() -> None:
    by_area = table(Grain.THEMES_BY_AREA)
    assert by_area.headcount(Node(theme="T01", area="Ward 1")) == 60
    assert by_area.headcount(Node(theme="T01", area="not-said")) == 282
    assert table(Grain.THEMES_BY_DIVISION).headcount(Node(theme="T01", division="Medicine")) == 105
    assert table(Grain.WHOLE).headcount(Node()) == 282


def test_themes_without_a_group_count_beside_it() -> None:
    some = Table(Grain.GROUPS, (ThemePart("A", "A", "One"), ThemePart("B", "B", None)), (), 100)
    assert some.place("B", None) == Node(group="other")
    assert [node.group for node in some.nodes] == ["One", "other"]
