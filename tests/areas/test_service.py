"""Founding the organisation, and looking it up again."""

import datetime as dt

import pytest
from sqlalchemy import event, func, select

from concerns.areas.model import Division, Organisation
from concerns.areas.queries import NoOrganisation, area_facts, areas, head_counts, organisation
from concerns.areas.rules import AreaError, OrganisationFacts, areas_of
from concerns.areas.service import found_organisation
from concerns.store.session import Stores
from concerns.themes.packs import load_pack

AREAS = areas_of([("Ward 2", "Surgery", 50), ("Ward 1", "Medicine", 60), ("Clinic", "Surgery", 12)])


def facts(colour: str = "#005EB8") -> OrganisationFacts:
    posts = tuple(vars(post) for post in load_pack("nhs").signposts)
    wording = dict(load_pack("nhs").wording)
    return OrganisationFacts("Brindlemere  NHS Trust", "nhs", colour, 120, ("Monday",), posts, wording)


def found(stores: Stores) -> None:
    with stores.write_main() as main:
        found_organisation(main, facts(), AREAS, launched_on=dt.date(2026, 11, 2), rehearsal=True)


def test_the_organisation_comes_back_as_it_was_founded(stores: Stores) -> None:
    found(stores)
    with stores.read_main() as main:
        one = organisation(main)
    assert (one.name, one.colour, one.flags_per_year, one.rehearsal) == ("Brindlemere NHS Trust", "#005eb8", 120, True)
    assert one.reading_days == ["monday"]
    assert one.signposts[0]["number"] == "999"
    assert one.wording["guardian"] == "Freedom to Speak Up Guardian"
    assert len(one.site_id) == 16


def test_areas_come_by_division_and_name_in_one_query(stores: Stores) -> None:
    found(stores)
    queries: list[str] = []
    with stores.read_main() as main:
        event.listen(stores.main, "before_cursor_execute", lambda *args: queries.append(args[2]))
        listed = [(area.division.name, area.name) for area in areas(main)]
    assert listed == [("Medicine", "Ward 1"), ("Surgery", "Clinic"), ("Surgery", "Ward 2")]
    assert len([query for query in queries if query.startswith("SELECT")]) == 1


def test_head_counts_and_facts(stores: Stores) -> None:
    found(stores)
    with stores.read_main() as main:
        assert head_counts(main) == {"ward-1": 60, "clinic": 12, "ward-2": 50}
        assert set(area_facts(main)) == set(AREAS)
        assert main.scalar(select(func.count()).select_from(Division)) == 2


def test_nothing_is_stored_when_a_field_is_wrong(stores: Stores) -> None:
    with stores.write_main() as main, pytest.raises(AreaError):
        found_organisation(main, facts("red"), AREAS, launched_on=dt.date(2026, 11, 2), rehearsal=False)
    with stores.read_main() as main:
        assert main.scalar(select(func.count()).select_from(Organisation)) == 0
        with pytest.raises(NoOrganisation, match="not been set up"):
            organisation(main)
