"""The table of areas is changed in the store: codes stay, names swap, and what was merged counts as what it became a part of."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.changing import MERGED, change
from concerns.areas.editing import apply
from concerns.areas.model import Area, Division
from concerns.areas.queries import area_facts, every_area, organisation
from concerns.areas.rules import AreaError, areas_of, find, standing
from concerns.areas.service import found_organisation, settle
from concerns.areas.table import read_table
from concerns.store.session import Stores
from tests.areas.test_service import facts

AREAS = areas_of([("Ward 1", "Medicine", 60), ("Ward 2", "Medicine", 12), ("Clinic", "Surgery", 9)])


@pytest.fixture
def founded(stores: Stores) -> Stores:
    with stores.write_main() as main:
        found_organisation(main, facts(), AREAS, launched_on=dt.date(2026, 11, 2), rehearsal=True)
    return stores


def saved(stores: Stores, table: str, fates: dict[str, str] | None = None, *, may_remove: bool = False) -> None:
    with stores.write_main() as main:
        codes = {area.code for area in every_area(main)}
        rows = read_table(table).rows
        apply(main, change(area_facts(main), rows, fates or {}, taken=codes, may_remove=may_remove))


def kept(main: Session) -> list[tuple[str, str, str, int, tuple[str, ...]]]:
    return sorted((a.code, a.name, a.division, a.staff, a.codes) for a in area_facts(main))


def test_everything_about_an_area_changes_but_its_code(founded: Stores) -> None:
    saved(
        founded, "Care\tWard One\t70\tward-1\nMedicine\tWard 2\t12\tward-2\nSurgery\tClinic\t9\tclinic\nCare\tNew\t30\t"
    )
    with founded.read_main() as main:
        assert kept(main) == [
            ("clinic", "Clinic", "Surgery", 9, ("clinic",)),
            ("new", "New", "Care", 30, ("new",)),
            ("ward-1", "Ward One", "Care", 70, ("ward-1",)),
            ("ward-2", "Ward 2", "Medicine", 12, ("ward-2",)),
        ]


def test_names_are_swapped_in_one_go(founded: Stores) -> None:
    saved(founded, "Medicine\tWard 2\t60\tward-1\nMedicine\tWard 1\t12\tward-2\nSurgery\tClinic\t9\tclinic")
    with founded.read_main() as main:
        assert {area.code: area.name for area in area_facts(main)}["ward-1"] == "Ward 2"


def test_a_merged_area_stays_and_counts_as_the_one_it_became_a_part_of(founded: Stores) -> None:
    saved(founded, "Medicine\tWard 1\t72\t\nSurgery\tClinic\t9\t", {"ward-2": MERGED + "Ward 1"})
    # and on: the whole chain counts as its end
    saved(founded, "Surgery\tClinic\t81\t", {"ward-1": MERGED + "Clinic"})
    with founded.read_main() as main:
        assert kept(main) == [("clinic", "Clinic", "Surgery", 81, ("clinic", "ward-1", "ward-2"))]
        assert standing(area_facts(main)) == dict.fromkeys(("clinic", "ward-1", "ward-2"), "clinic")
        assert find(area_facts(main), "WARD 2").code == "clinic"  # type: ignore[union-attr]  # it is there
        assert {area.code for area in every_area(main)} == {"clinic", "ward-1", "ward-2"}


def test_while_set_up_lasts_areas_and_empty_divisions_go(founded: Stores) -> None:
    saved(founded, "Care\tHome care\t40\t", may_remove=True)
    with founded.read_main() as main:
        assert [area.name for area in every_area(main)] == ["Home care"]
        assert list(main.scalars(select(Division.name))) == ["Care"]


def test_what_became_a_part_of_an_area_that_goes_gives_its_name_back(founded: Stores) -> None:
    """Merged in a pilot; after the launch set-up may be taken up again."""
    saved(founded, "Medicine\tWard 1\t72\t\nSurgery\tClinic\t9\t", {"ward-2": MERGED + "Ward 1"})
    saved(founded, "Surgery\tClinic\t9\t\nSurgery\tTheatre\t81\t", {"ward-1": MERGED + "Theatre"})
    saved(founded, "Surgery\tClinic\t9\t\nCare\tWard 2\t40\t\nCare\tWard 1\t40\t", may_remove=True)
    with founded.read_main() as main:
        assert sorted(area.name for area in every_area(main)) == ["Clinic", "Ward 1", "Ward 2"]
        assert {code for row in kept(main) for code in row[4]} == {area.code for area in every_area(main)}


def test_two_rows_of_one_name_are_refused_before_the_store_is_asked(founded: Stores) -> None:
    table = "Medicine\tWard 1\t72\tward-2\nSurgery\tClinic\t9\t"
    with pytest.raises(AreaError):
        saved(founded, table, {"ward-1": MERGED + "Ward 1"})


def test_nothing_unsettled_is_ever_stored(founded: Stores) -> None:
    with pytest.raises(AreaError):
        saved(founded, "Surgery\tClinic\t9\t")
    with founded.read_main() as main:
        assert len(list(main.scalars(select(Area)))) == 3


def test_a_part_is_settled_once(founded: Stores) -> None:
    for _ in range(2):
        with founded.write_main() as main:
            settle(main, "areas")
    with founded.read_main() as main:
        assert organisation(main).settled == ["areas"]
