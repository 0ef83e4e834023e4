from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.document import Stored
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.periods import Period
from concerns.disclosure.places import Place
from concerns.reports.rows import Bar, Row, bar
from concerns.reports.rules import change, report, theme_rows
from concerns.reports.silence import NOT_COMPARED
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
        assert row("Staffing and workload", rows).remark == "too early to compare"
        one, other = stored(N01=3), stored(N01=40)
        assert change(one, one.total, other, other.total) == ""

    def test_silence_after_four_shown_quarters_is_said(self) -> None:
        earlier = [stored(quarter, N01=40) for quarter in QUARTERS]
        silent = row("Staffing and workload", theme_rows(stored(N01=2), earlier))
        assert silent.text == "Was about 40, now fewer than we can show"
        assert row("Staffing and workload", theme_rows(stored(N01=2), earlier[1:])).remark == ""

    def test_each_shown_number_of_a_first_release_is_too_early_to_compare(self) -> None:
        rows = theme_rows(stored(N01=40, N02=3), [])
        assert [(one.remark, one.signal) for one in rows[:2]] == [("too early to compare", False), ("", False)]

    def test_the_whole_is_not_compared_with_what_fits_no_theme(self) -> None:
        whole = Stored.read(body({Node(): 300}, grain=Grain.WHOLE, period=Period(2025, 4)))
        assert row("None of the themes", theme_rows(stored_of({"other": 40}), [whole])).remark == "too early to compare"

    def test_a_year_is_compared_with_a_year(self) -> None:
        now, before = stored(Period(2026), N01=90), stored(Period(2025), N01=30)
        assert row("Staffing and workload", theme_rows(now, [before])).remark == "more than the year before (about 30)"


class TestSilence:
    """A number that is blurred or hidden more than it was has not fallen silent, though it is hidden now."""

    def by_theme(self, value: int, period: Period = Q1, floor: int = 10, **terms: Any) -> Stored:
        found = Stored.read(body({Node(theme="N01"): value}, period=period, **terms))
        return replace(found, terms=replace(found.terms, floor=floor))

    def by_area(self, value: int, places: int = 30) -> Stored:
        areas = tuple(Place(f"Area {n}", "Medicine", 900, ()) for n in range(places))
        empty = Stored.read(body({}, grain=Grain.THEMES_BY_AREA))
        table = replace(empty.table, places=areas, staff=900 * places)
        values = {**dict.fromkeys(table.nodes, 0), Node(theme="N01", area="Area 1"): value}
        return Stored(Q1, replace(empty.terms, table=table), values)

    def told(self, now: Stored, earlier: list[Stored]) -> tuple[str, str]:
        found = row("Staffing and workload", theme_rows(now, earlier))
        assert found.shown is None
        return found.text, found.beside

    HIDDEN = "Too few, or too large a share, to show safely"
    SILENT = "Was about 45, now fewer than we can show"

    def test_a_finer_grain_is_no_silence(self) -> None:
        earlier = [self.by_theme(45, quarter) for quarter in QUARTERS]
        assert self.by_area(45).sum_of(self.by_area(45).by_key["N01"], 27_000).least > 45
        assert self.told(self.by_area(45), earlier) == (self.HIDDEN, NOT_COMPARED)
        assert self.told(self.by_area(0), earlier) == (self.HIDDEN, NOT_COMPARED), "whatever it is"

    def test_a_higher_floor_is_no_silence(self) -> None:
        earlier = [self.by_theme(45, quarter) for quarter in QUARTERS]
        for value in (45, 0, -9):
            assert self.told(self.by_theme(value, floor=60), earlier) == (self.HIDDEN, NOT_COMPARED)
        one_is_enough = [*(self.by_theme(45, quarter, floor=30) for quarter in QUARTERS[:3]), earlier[3]]
        assert self.told(self.by_theme(2, floor=30), one_is_enough) == (self.HIDDEN, NOT_COMPARED)

    def test_nor_is_a_smaller_epsilon(self) -> None:
        earlier = [self.by_theme(12, quarter, epsilon=Fraction(1)) for quarter in QUARTERS]
        assert self.told(self.by_theme(12), earlier) == (self.HIDDEN, NOT_COMPARED)

    def test_what_is_as_clear_as_before_or_clearer_is_silence(self) -> None:
        earlier = [self.by_theme(45, quarter) for quarter in QUARTERS]
        assert self.told(self.by_theme(2), earlier) == (self.SILENT, "")
        assert self.told(self.by_theme(2, epsilon=Fraction(1)), earlier) == (self.SILENT, "")
        raised = [self.by_theme(45, quarter, floor=40) for quarter in QUARTERS]
        assert self.told(self.by_theme(2, floor=40), raised) == (self.SILENT, "")

    def test_a_little_more_noise_hides_no_silence_and_makes_none(self) -> None:
        """One place more in thirty: silence is said only below what the older tables would have shown."""
        earlier = [self.by_area(56)] * 4
        now = {value: self.by_area(value, 33) for value in (2, 53)}
        leasts = [one.sum_of(one.by_key["N01"], 27_000).least for one in (earlier[0], now[53])]
        assert leasts[0] < 53 < leasts[1]
        assert self.told(now[2], earlier)[0] == "Was about 56, now fewer than we can show"
        assert self.told(now[53], earlier) == (self.HIDDEN, "")

    def test_what_was_never_shown_is_compared_with_nothing(self) -> None:
        assert self.told(self.by_theme(2, floor=60), [self.by_theme(2, one) for one in QUARTERS]) == (self.HIDDEN, "")

    def test_d10_too_large_a_share_looks_like_few(self) -> None:
        earlier = [self.by_theme(45, quarter) for quarter in QUARTERS]
        assert self.told(self.by_theme(900, floor=60), earlier) == self.told(self.by_theme(0, floor=60), earlier)

    def test_a_place_under_a_higher_floor_is_no_silence(self) -> None:
        def by_division(value: int, floor: int = 10) -> Stored:
            nodes = {Node(theme="N01", division="Surgery"): value}
            found = Stored.read(body(nodes, grain=Grain.THEMES_BY_DIVISION))
            return replace(found, terms=replace(found.terms, floor=floor))

        silent = report(by_division(2), [by_division(45)] * 4).sections[0].places[1].total
        raised = report(by_division(45, 60), [by_division(45)] * 4).sections[0].places[1].total
        assert (silent.text, silent.silent) == (self.SILENT, True)
        assert (raised.text, raised.silent, raised.beside) == (self.HIDDEN, False, NOT_COMPARED)


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

    def test_a_pool_that_a_ward_left_has_not_fallen_silent(self) -> None:
        """It keeps its name; a ward that grew stands by itself now, and took its flags along."""
        earlier = [self.with_pool(200, 40)] * 4
        unchanged = report(self.with_pool(200, 2), earlier).sections[0].places[1].total
        assert unchanged.text == "Was about 40, now fewer than we can show"
        grown = report(self.with_pool(160, 2, Place("Ward 2", "Medicine", 40, ())), earlier).sections[0]
        assert [place.total.remark for place in grown.places] == ["", "", ""]
        # one such release among the four is enough
        mixed = report(self.with_pool(200, 2), [*earlier[:3], self.with_pool(160, 40)])
        assert mixed.sections[0].places[1].total.remark == ""

    def test_a_division_that_is_made_up_otherwise_has_not_fallen_silent(self) -> None:
        earlier = [self.with_pool(200, 40)] * 4
        assert report(self.with_pool(200, 2), earlier).sections[0].total == Row(
            "Medicine", None, remark="was about 40, now fewer than we can show"
        )
        moved = self.with_pool(200, 2, Place("Theatres", "Medicine", 600, ()))
        assert report(moved, earlier).sections[0].total == Row("Medicine", None)

    def with_pool(self, staff: int, flags: int, *others: Place) -> Stored:
        """By area: a ward without flags and a pool of the small ones."""
        pool = Place("Medicine: other areas", "Medicine", staff, ())
        places = (Place("Ward 1", "Medicine", 400, ()), pool, *others)
        empty = self.by_area({})
        table = replace(empty.table, places=places)
        values = {**dict.fromkeys(table.nodes, 0), Node(theme="N01", area=pool.name): flags}
        return Stored(Q1, replace(empty.terms, table=table), values)

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
