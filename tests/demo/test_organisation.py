"""The invented organisations are complete answers of set-up."""

import re
from pathlib import Path

import pytest

from concerns.demo.organisation import ESTIMATES, TIMES, organisation, places
from concerns.demo.story import SIZES
from concerns.founding.answers import answers_of
from concerns.themes.packs import SECTORS


@pytest.mark.parametrize("sector", SECTORS)
def test_set_up_takes_the_answers_as_they_are(sector: str, tmp_path: Path) -> None:
    answers = answers_of(organisation(sector), tmp_path)
    assert answers.organisation.sector == sector
    assert [area.code for area in answers.areas] == [place.code for place in places(sector)]
    assert {role for person in answers.people for role in person.roles} == {
        "guardian",
        "leader",
        "admin",
        "peer",
        "overseer",
    }
    assert len(answers.guardians) == 2
    assert all(re.fullmatch(r"[a-z]+@example\.org", person.email) for person in answers.people)
    assert all(person.passphrase for person in answers.people)


def test_the_trust_has_small_areas_to_merge_and_about_four_thousand_staff() -> None:
    where = places("nhs")
    assert 3600 <= sum(place.staff for place in where) <= 4400
    assert 2 <= sum(place.staff < 20 for place in where) <= 5
    assert 4 <= len({place.division for place in where}) <= 6


def test_the_answers_are_a_copy_of_ones_own() -> None:
    organisation("nhs")["organisation"]["name"] = "Changed"
    assert organisation("nhs")["organisation"]["name"] == "Brindlemere NHS Foundation Trust"


def test_the_estimate_follows_the_size_of_the_story() -> None:
    assert set(ESTIMATES) == set(SIZES)
    assert organisation("nhs", "small")["organisation"]["flags_per_year"] == 100


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sector", SECTORS)
def test_a_year_of_flags_is_a_small_share_of_the_staff(sector: str, size: str) -> None:
    """Above a quarter of them the year’s total would be hidden, as nearly everybody's."""
    flags = SIZES[size][0] / 3
    assert flags < 0.2 * sum(area["staff"] for area in organisation(sector, size)["areas"])


def test_small_teams_stay_small_whatever_the_size() -> None:
    counts = [[area["staff"] for area in organisation("nhs", size)["areas"]] for size in TIMES]
    assert len({sum(staff < 20 for staff in one) for one in counts}) == 1
