"""An area becomes a part of another one: new tables count it there, a year's fixed table where it has it; no node moves."""

import dataclasses

import pytest

from concerns.areas.changing import merging
from concerns.areas.rules import AreaFacts
from concerns.disclosure.periods import Period
from concerns.disclosure.places import area_places, division_places
from tests.disclosure.gate import AREAS, Q1, Gate, flag

Q2 = Period(2026, 2)
MANY = 100_000
MERGED, INTO = AREAS[0], AREAS[1]


def merged() -> list[AreaFacts]:
    """The areas after the first became a part of the second."""
    grown = dataclasses.replace(INTO, staff=INTO.staff + MERGED.staff, merged=((MERGED.code, MERGED.name),))
    return [grown, *AREAS[2:]]


def counted(gate: Gate, period: Period) -> dict[str | None, int]:
    """Flags by area, without the empty ones."""
    found: dict[str | None, int] = {}
    for node, value in gate.close(period).values.items():
        if value:
            found[node.area] = found.get(node.area, 0) + value
    return found


@pytest.mark.usefixtures("silent")
def test_in_a_new_table_it_counts_as_what_it_became_a_part_of(gate: Gate) -> None:
    gate.with_facts(estimate=MANY, areas=merged())
    gate.flags = [flag(area=MERGED.code), flag(area=INTO.code)]
    assert counted(gate, Q1) == {INTO.name: 2}


@pytest.mark.usefixtures("silent")
def test_d8_in_a_year_that_is_fixed_it_counts_where_the_table_has_it(gate: Gate) -> None:
    gate.with_facts(estimate=MANY)
    first = gate.close(Q1)
    gate.with_facts(areas=merged())
    gate.flags = [flag(area=MERGED.code), flag(area=INTO.code)]
    assert counted(gate, Q2) == {MERGED.name: 1, INTO.name: 1}
    second = gate.stored(Q2)
    assert second.table == first.table
    assert second.table.nodes == first.table.nodes


@pytest.mark.usefixtures("silent")
def test_d8_one_that_came_and_went_within_the_year_counts_where_it_went(gate: Gate) -> None:
    """The table of the year never had it; what it became a part of it has."""
    gate.with_facts(estimate=MANY)
    first = gate.close(Q1)
    late = dataclasses.replace(INTO, merged=(("late", "Late"),))
    gate.with_facts(areas=[AREAS[0], late, *AREAS[2:]])
    gate.flags = [flag(area="late"), flag(area="never-was")]
    assert counted(gate, Q2) == {INTO.name: 1, "not-said": 1}
    second = gate.stored(Q2)
    assert second.table.nodes == first.table.nodes
    assert [(one.name, one.staff) for one in second.table.places] == [
        (one.name, one.staff) for one in first.table.places
    ]


def merged_small(gate: Gate, small: list[AreaFacts]) -> list[AreaFacts]:
    """The areas after those small ones became one of their own, as the page of areas makes it."""
    table, _fates = merging(gate.facts.areas, small, "Surgery: other areas")
    made = dataclasses.replace(
        table.pop(),
        code="surgery-other-areas",
        merged=tuple((code, name) for area in small for code, name in zip(area.codes, area.names, strict=True)),
    )
    return [*table, made]


SMALL = [AreaFacts("w3", "Ward 3", "Surgery", 12), AreaFacts("w4", "Ward 4", "Surgery", 11)]


@pytest.mark.usefixtures("silent")
def test_d8_small_areas_that_were_merged_count_where_the_table_pooled_them(gate: Gate) -> None:
    """Else whoever tells something there after the merge would be told of as “not said”: a silence that nobody kept."""
    gate.with_facts(estimate=MANY, areas=[*AREAS, *SMALL])
    first = gate.close(Q1)
    pool = next(place for place in first.table.places if place.name == "Surgery: other areas")
    assert pool.staff == 12 + 12 + 11  # with Day surgery, which stays an area of its own
    gate.with_facts(areas=merged_small(gate, SMALL))
    gate.flags = [flag(area="surgery-other-areas"), flag(area="w3"), flag(area="w4")]
    assert counted(gate, Q2) == {pool.name: 3}
    assert gate.stored(Q2).table.nodes == first.table.nodes


@pytest.mark.usefixtures("silent")
def test_d8_made_of_two_places_of_the_table_it_is_in_neither(gate: Gate) -> None:
    large = [dataclasses.replace(area, staff=60) for area in SMALL]
    gate.with_facts(estimate=MANY, areas=[*AREAS, *large])
    first = gate.close(Q1)
    # Ward 4 is in the pool, which was too small without it
    assert {"Ward 3", "Surgery: other areas"} <= {place.name for place in first.table.places}
    gate.with_facts(areas=merged_small(gate, large))
    gate.flags = [flag(area="surgery-other-areas"), flag(area="w3"), flag(area="w4")]
    assert counted(gate, Q2) == {"not-said": 1, "Ward 3": 1, "Surgery: other areas": 1}


def test_every_code_is_in_one_place_only() -> None:
    for places in (area_places(merged(), 20), division_places(merged(), 20)):
        assert places is not None
        codes = [code for place in places for code in place.codes]
        assert len(codes) == len(set(codes))
        assert set(codes) == {area.code for area in AREAS}


def test_an_area_called_like_the_pool_of_its_division_is_in_the_pool() -> None:
    """Merged small areas are called so; were both listed, nobody could tell them apart and there would be no table."""
    areas = [
        AreaFacts("a", "Ward", "Care", 90),
        AreaFacts("b", "Care: other areas", "Care", 30),
        AreaFacts("c", "Night team", "Care", 5),
        AreaFacts("d", "Office", "Estates", 40),
    ]
    places = area_places(areas, 20)
    assert places is not None
    assert {place.name: place.codes for place in places} == {
        "Ward": ("a",),
        "Care: other areas": ("b", "c"),
        "Office": ("d",),
    }
