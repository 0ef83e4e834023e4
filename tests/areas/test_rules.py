"""Areas, their codes and head-counts, and reading days."""

import datetime as dt

import pytest

from concerns.areas.rules import (
    AreaError,
    OrganisationFacts,
    areas_of,
    check_organisation,
    code_of,
    day_in_words,
    days_in_words,
    find,
    next_reading_day,
    too_small,
    total_staff,
    warnings,
    weekdays,
)

ROWS = [("Ward 1", "Medicine", 60), ("Crisis  team", "Community", 18), ("A&E, nights", "Medicine", 20)]
NIGHT_AND_DAY = {"name": "Emergency", "number": "999", "hours": "Day and night", "danger": True}


def facts(**changes: object) -> OrganisationFacts:
    fields: dict[str, object] = {
        "name": "Brindlemere",
        "sector": "nhs",
        "colour": "#005eb8",
        "flags_per_year": 100,
        "reading_days": ("monday", "thursday"),
        "signposts": (NIGHT_AND_DAY,),
        "wording": {},
        **changes,
    }
    return OrganisationFacts(**fields)  # type: ignore[arg-type]  # each test changes one field on purpose


def test_areas_get_codes_of_their_own() -> None:
    areas = areas_of(ROWS)
    assert [area.code for area in areas] == ["ward-1", "crisis-team", "a-e-nights"]
    assert areas[1].name == "Crisis team"
    assert total_staff(areas) == 98


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Children’s ward", "childrens-ward"),
        ("Ward 1", "ward-1-2"),
        ("Théâtres", "theatres"),
        ("???", "area"),
        ("Not said", "not-said-2"),
    ],
)
def test_a_code_is_plain_and_unlike_every_other(name: str, code: str) -> None:
    assert code_of(name, {"ward-1"}) == code


def test_a_long_name_still_fits() -> None:
    first = code_of("Very " * 30)
    assert len(code_of("Very " * 30, {first})) <= 60


@pytest.mark.parametrize("text", ["crisis-team", "CRISIS TEAM", " crisis   team "])
def test_an_area_is_found_by_code_or_name(text: str) -> None:
    found = find(areas_of(ROWS), text)
    assert found is not None
    assert found.code == "crisis-team"
    assert find(areas_of(ROWS), "crisis") is None


def test_small_areas_are_accepted_with_a_warning() -> None:
    areas = areas_of(ROWS)
    assert [area.name for area in too_small(areas, 20)] == ["Crisis team"]
    assert warnings(areas, 20) == [
        "Crisis team has 18 staff, fewer than 20. Its counts will be added to “Community: other areas”."
    ]


def test_a_policy_that_asks_for_fewer_than_are_ever_counted_alone_spares_no_warning() -> None:
    areas = areas_of(ROWS)
    assert warnings(areas, 5) == warnings(areas, 20) != []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "at least one area"),
        ([("", "Medicine", 5)], "Area 1 has no name"),
        ([("Ward", " ", 5)], "Area 1 has no division"),
        ([("Ward", "Medicine", -1)], "Ward has a head-count below zero"),
        ([("Ward", "Medicine", 5), ("WARD", "Surgery", 5)], "Area 2 repeats the name “WARD”"),
        ([("W" * 121, "Medicine", 5)], "longer than 120"),
        ([("Ward", "M" * 121, 5)], "longer than 120"),
        ([("Ward\n1", "Medicine", 5)], "Area 1 has a line break"),
        ([("Ward", "Med\x00icine", 5)], "Area 1 has a line break"),
        ([("Ward", "Medicine", 1_000_001)], "Ward has a head-count above 1,000,000"),
    ],
)
def test_each_wrong_area_gets_a_sentence(rows: list[tuple[str, str, int]], message: str) -> None:
    with pytest.raises(AreaError, match=message):
        areas_of(rows)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "has no name"),
        ({"colour": "blue"}, "colour “blue” is not of the form"),
        ({"flags_per_year": 0}, "must be 1 or more"),
        ({"flags_per_year": 10_000_001}, "must be 10,000,000 or less"),
        ({"name": "Brindle\tmere"}, "line break or another control character"),
        ({"name": "Brindle\u2028mere"}, "line break or another control character"),
        ({"name": "B" * 201}, "longer than 200"),
        ({"signposts": ({**NIGHT_AND_DAY, "hours": "Office hours"},)}, "answered day and night"),
        ({"signposts": ({**NIGHT_AND_DAY, "danger": False},)}, "answered day and night"),
        ({"reading_days": ("moonday",)}, "“moonday” is not a day of the week"),
    ],
)
def test_each_wrong_field_of_the_organisation_gets_a_sentence(changes: dict[str, object], message: str) -> None:
    check_organisation(facts())
    with pytest.raises(AreaError, match=message):
        check_organisation(facts(**changes))


@pytest.mark.parametrize(
    ("today", "following"),
    [
        (dt.date(2026, 11, 22), dt.date(2026, 11, 23)),  # a Sunday
        (dt.date(2026, 11, 23), dt.date(2026, 11, 23)),
        (dt.date(2026, 11, 24), dt.date(2026, 11, 26)),
        (dt.date(2026, 11, 27), dt.date(2026, 11, 30)),
        (dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(2027, 1, 1), dt.date(2027, 1, 4)),
    ],
)
def test_the_next_reading_day_is_today_or_later(today: dt.date, following: dt.date) -> None:
    assert next_reading_day(("thursday", "monday"), today) == following


def test_days_in_words() -> None:
    assert weekdays(("Thursday", "monday", "monday")) == [0, 3]
    assert days_in_words(("thursday", "monday")) == "Mondays and Thursdays"
    assert days_in_words(("friday", "monday", "wednesday")) == "Mondays, Wednesdays and Fridays"
    assert days_in_words(("friday",)) == "Fridays"
    assert days_in_words(()) == ""
    assert next_reading_day((), dt.date(2026, 11, 22)) is None
    assert day_in_words(dt.date(2026, 11, 26)) == "Thursday 26 November"
