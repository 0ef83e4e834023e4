"""The plot says when concerns come more often, and who may speak of what happened."""

import datetime as dt

from concerns.demo.plot import MERGER, NEW_NUMBERS, NEW_SYSTEM, PHARMACISTS, factor, news

WEEK = dt.timedelta(weeks=1)


def test_a_turn_touches_its_own_weeks_division_and_themes_only() -> None:
    staffing = {"N03", "STAF"}
    before, after = factor(MERGER - WEEK, staffing, 0, "ward"), factor(MERGER, staffing, 0, "ward")
    assert after > 3 * before
    assert factor(MERGER, staffing, 1, "ward") == factor(MERGER - WEEK, staffing, 1, "ward")
    assert factor(NEW_NUMBERS, staffing, 0, "ward") < after


def test_medicines_fall_when_pharmacists_come_and_the_other_care_theme_does_not() -> None:
    assert factor(PHARMACISTS, {"N02", "CARE"}, 0, "ward") < 0.5 * factor(
        PHARMACISTS - WEEK, {"N02", "CARE"}, 0, "ward"
    )
    assert factor(PHARMACISTS, {"N01", "CARE"}, 0, "ward") == factor(PHARMACISTS - WEEK, {"N01", "CARE"}, 0, "ward")


def test_winter_brings_more_about_care() -> None:
    assert factor(dt.date(2024, 1, 8), {"CARE"}, 1, "ward") > factor(dt.date(2024, 4, 8), {"CARE"}, 1, "ward")


def test_only_those_it_happened_to_speak_of_it() -> None:
    assert news(MERGER, 0, "ward") == ("no_pharmacist", "merged")
    assert news(MERGER, 1, "ward") == ("no_pharmacist",)
    assert news(MERGER - WEEK, 0, "ward") == ("no_pharmacist",)
    assert news(NEW_SYSTEM, 2, "clinic") == ("new_system",)
    assert news(dt.date(2024, 1, 1), 3, "office") == ()
