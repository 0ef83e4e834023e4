from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.document import Stored
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.periods import Period
from concerns.reports.rules import Bar, Row, bar, change, report, theme_rows
from tests.reports.releases import Q1, body, by_theme, stored, stored_of

QUARTERS = [Period(2025, n) for n in (1, 2, 3, 4)]


def row(name: str, rows: tuple[Row, ...]) -> Row:
    return next(one for one in rows if one.name == name)


def test_the_largest_theme_comes_first_and_hidden_ones_last_in_their_order() -> None:
    rows = theme_rows(stored(N01=20, N02=80), [])
    assert [one.name for one in rows] == ["Equipment", "Staffing and workload", "Bullying", "None of the themes"]
    assert [one.text for one in rows[:3]] == [
        "About 80 (75 to 85)",
        "About 20 (15 to 25)",
        "Too few, or too large a share, to show safely",
    ]


def test_the_headline_says_how_many_and_what_most_were_about() -> None:
    assert report(stored(N01=20, N02=80), []).headline == (
        "In January to March 2026, staff raised about 100 (91 to 109) flags. The largest theme is Equipment, about 80 (75 to 85)."
    )


def test_what_fits_no_theme_is_never_called_the_largest_theme() -> None:
    made = report(stored_of({"other": 90, "N01": 20}), [])
    assert made.headline.endswith("The largest theme is Staffing and workload, about 20 (15 to 25).")


def test_a_hidden_total_is_said_as_hidden() -> None:
    hidden = report(stored(N01=3), [])
    assert hidden.headline.endswith("the number of flags is too few, or too large a share, to show safely.")
    assert hidden.all_hidden
    assert not report(stored(N01=30), []).all_hidden


@given(st.dictionaries(st.sampled_from(["N01", "N02", "N03"]), st.integers(-30, 13)), st.integers(0, 999))
def test_d10_whatever_is_hidden_gives_the_same_report(values: dict[str, int], saturated: int) -> None:
    nothing = report(stored(), [])
    few = report(stored_of(values), [])
    assert few.rows == nothing.rows
    if few.stored.total.shown is None:
        assert few.headline == nothing.headline
    too_many = report(stored(staff=40, N01=11 + saturated), [])
    assert too_many.rows == nothing.rows
    assert too_many.headline == nothing.headline


@given(st.dictionaries(st.sampled_from(["N01", "N02", "N03", "other"]), st.integers(-30, 200)))
def test_d10_every_number_is_a_sum_of_stored_nodes(values: dict[str, int]) -> None:
    made = report(stored_of(values), [])
    sums = {values.get(code, 0) for code in ("N01", "N02", "N03", "other")} | {sum(values.values())}
    shown = [one.shown.value for one in (*made.rows, made.total) if one.shown]
    assert set(shown) <= sums


class TestChange:
    def test_more_and_fewer_are_said_where_they_are_clear(self) -> None:
        before = stored(Period(2025, 4), N01=30, N02=90)
        rows = theme_rows(stored(N01=90, N02=30), [before])
        assert row("Staffing and workload", rows).remark == "more than the quarter before (about 30)"
        assert row("Equipment", rows).remark == "fewer than the quarter before (about 90)"

    def test_chance_and_noise_are_no_change(self) -> None:
        rows = theme_rows(stored(N01=40), [stored(Period(2025, 4), N01=30)])
        assert row("Staffing and workload", rows).remark == "no clear change"

    def test_nothing_is_said_of_what_was_hidden(self) -> None:
        rows = theme_rows(stored(N01=40), [stored(Period(2025, 4), N01=3)])
        assert row("Staffing and workload", rows).remark == ""
        one, other = stored(N01=3), stored(N01=40)
        assert change(one, one.total, other, other.total) == ""

    def test_silence_after_four_shown_quarters_is_said(self) -> None:
        earlier = [stored(quarter, N01=40) for quarter in QUARTERS]
        silent = row("Staffing and workload", theme_rows(stored(N01=2), earlier))
        assert silent.text == "Was about 40, now fewer than we can show"
        assert row("Staffing and workload", theme_rows(stored(N01=2), earlier[1:])).remark == ""

    def test_a_year_is_compared_with_a_year(self) -> None:
        now, before = stored(Period(2026), N01=90), stored(Period(2025), N01=30)
        assert row("Staffing and workload", theme_rows(now, [before])).remark == "more than the year before (about 30)"


class TestBars:
    def test_a_bar_is_measured_against_the_widest_range(self) -> None:
        rows = theme_rows(stored(N01=95, N02=50), [])
        assert row("Staffing and workload", rows).bar == Bar(95, 90, 100)
        assert row("Equipment", rows).bar == Bar(50, 45, 55)

    def test_what_is_hidden_has_none(self) -> None:
        assert bar(None, 100) is None
        assert row("Bullying", theme_rows(stored(N01=95), [])).bar is None


class TestPlaces:
    def by_area(self, values: dict[tuple[str, str], int]) -> Stored:
        nodes = {Node(theme=theme, area=area): value for (theme, area), value in values.items()}
        return Stored.read(body(nodes, grain=Grain.THEMES_BY_AREA))

    def test_areas_stand_in_their_divisions(self) -> None:
        made = report(self.by_area({("N01", "Ward 1"): 60, ("N01", "Theatres"): 20, ("N02", "not-said"): 30}), [])
        assert [(section.name, [place.name for place in section.places]) for section in made.sections] == [
            ("Medicine", ["Ward 1", "Medicine: other areas"]),
            ("Surgery", ["Theatres"]),
            ("Not said", ["Not said"]),
        ]
        medicine = made.sections[0]
        assert medicine.total is not None
        assert medicine.total.shown is not None
        assert medicine.total.shown.value == 60
        assert [one.text for one in medicine.places[0].themes] == ["About 60 (55 to 65)"]
        assert medicine.places[1].themes == ()

    def test_themes_are_summed_over_areas(self) -> None:
        made = report(self.by_area({("N01", "Ward 1"): 60, ("N01", "Theatres"): 20}), [])
        shown = row("Staffing and workload", made.rows).shown
        assert shown is not None
        assert shown.value == 80

    def test_too_large_a_share_of_a_place_is_hidden_there_and_counts_in_the_whole(self) -> None:
        made = report(self.by_area({("N01", "Medicine: other areas"): 20, ("N01", "Ward 1"): 60}), [])
        pool = made.sections[0].places[1]
        assert (pool.total.shown, pool.themes) == (None, ())
        shown = row("Staffing and workload", made.rows).shown
        assert shown is not None
        assert shown.value == 80

    def test_divisions_stand_in_one_table(self) -> None:
        nodes = {Node(theme="N01", division="Surgery"): 60}
        made = report(Stored.read(body(nodes, grain=Grain.THEMES_BY_DIVISION)), [])
        assert [place.name for place in made.sections[0].places] == ["Medicine", "Surgery", "Not said"]
        assert made.sections[0].total is None

    @pytest.mark.parametrize("grain", [Grain.WHOLE, Grain.GROUPS, Grain.THEMES])
    def test_coarser_grains_have_no_places(self, grain: Grain) -> None:
        assert report(Stored.read(body({}, grain=grain)), []).sections == ()


def test_groups_are_rows_under_their_own_names() -> None:
    rows = theme_rows(Stored.read(body({Node(group="Work"): 40}, grain=Grain.GROUPS)), [])
    assert [one.name for one in rows] == ["Work", "Places", "None of the themes"]
    made = report(Stored.read(body({Node(group="Work"): 40}, grain=Grain.GROUPS)), [])
    assert "The largest group of themes is Work" in made.headline
    assert made.caption == "By group of themes"


def test_the_whole_has_no_rows() -> None:
    made = report(Stored.read(body({Node(): 40}, grain=Grain.WHOLE)), [])
    assert made.rows == ()
    assert made.headline == "In January to March 2026, staff raised about 40 (35 to 45) flags."


def test_the_range_follows_the_releases_own_epsilon() -> None:
    one = Stored.read(body({Node(theme="N01"): 40}, epsilon=Fraction(2), period=Q1))
    assert row("Staffing and workload", theme_rows(one, [])).text == "About 40 (39 to 41)"
    assert by_theme(N01=40) != body({Node(theme="N01"): 40}, epsilon=Fraction(2))
