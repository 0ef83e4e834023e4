from hypothesis import given
from hypothesis import strategies as st

from concerns.areas.rules import AreaFacts
from concerns.disclosure.places import area_places, division_places
from tests.disclosure import checks
from tests.disclosure.checks import enough_staff_behind
from tests.disclosure.gate import Gate

organisations = st.lists(
    st.tuples(st.sampled_from(["Medicine", "Surgery", "Support", "Corporate"]), st.integers(0, 90)), max_size=14
).map(lambda rows: [AreaFacts(f"a{n}", f"Area {n}", division, staff) for n, (division, staff) in enumerate(rows)])


@given(organisations, st.integers(1, 60))
def test_d9_every_place_stands_for_enough_staff_and_every_area_has_one(areas: list[AreaFacts], smallest: int) -> None:
    for places in (area_places(areas, smallest), division_places(areas, smallest)):
        if places is None:
            continue
        assert all(place.staff >= smallest for place in places)
        assert sorted(code for place in places for code in place.codes) == sorted(area.code for area in areas)
        assert sum(place.staff for place in places) == sum(area.staff for area in areas)
        assert len({place.name for place in places}) == len(places) >= 2


@given(organisations, st.integers(0, 60))
def test_d9_every_area_node_of_a_table_stands_for_twenty_staff(areas: list[AreaFacts], smallest: int) -> None:
    """Also where a policy asks for less."""
    enough_staff_behind(areas, smallest)


def test_d9_every_area_node_stands_for_twenty_staff_and_there_are_some(sqlite_gate: Gate) -> None:
    checks.d9_every_area_node_stands_for_twenty_staff(sqlite_gate)


def area(name: str, division: str, staff: int) -> AreaFacts:
    return AreaFacts(name.lower(), name, division, staff)


def names(areas: list[AreaFacts]) -> list[tuple[str, int]]:
    return [(place.name, place.staff) for place in area_places(areas, 20) or ()]


def test_small_areas_are_merged_inside_their_division() -> None:
    areas = [area("A", "Medicine", 40), area("B", "Medicine", 12), area("C", "Medicine", 9), area("D", "Surgery", 30)]
    assert names(areas) == [("A", 40), ("Medicine: other areas", 21), ("D", 30)]


def test_a_pool_that_stays_small_takes_in_the_smallest_area() -> None:
    areas = [area("A", "Medicine", 40), area("B", "Medicine", 25), area("C", "Medicine", 3), area("D", "Surgery", 30)]
    assert names(areas) == [("A", 40), ("Medicine: other areas", 28), ("D", 30)]


def test_small_divisions_are_merged_upward() -> None:
    areas = [area("A", "Medicine", 40), area("B", "Surgery", 12), area("C", "Support", 11)]
    assert names(areas) == [("A", 40), ("Other areas", 23)]


def test_there_is_no_area_grain_where_too_little_is_left() -> None:
    assert area_places([area("A", "Medicine", 40), area("B", "Surgery", 5)], 20) is None
    assert area_places([], 20) is None
    assert division_places([area("A", "Medicine", 40), area("B", "Medicine", 40)], 20) is None


def test_a_place_is_never_called_as_the_missing_one_is() -> None:
    assert area_places([area("not-said", "Medicine", 40), area("B", "Medicine", 40)], 20) is None
