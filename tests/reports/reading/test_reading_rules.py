from dataclasses import replace

import pytest

from concerns.disclosure.document import Stored
from concerns.disclosure.periods import Period
from concerns.reports.control import Direction, figure_direction
from concerns.reports.reading.figures import Figure, WrongFigure, harm_of, tenths_of
from concerns.reports.reading.guide import guide
from concerns.reports.reading.lines import line_of
from concerns.reports.reading.rules import QUADRANTS, Harm, Note, expectation, quadrant
from tests.reports.releases import stored

UP, DOWN, STEADY, EARLY = Direction.UP, Direction.DOWN, Direction.STEADY, Direction.EARLY
BOTH = Harm({"sickness": DOWN, "turnover": STEADY, "incidents": UP})
Q3, Q4 = Period(2026, 3), Period(2026, 4)
CAMPAIGN = Note("campaign", "Posters in all wards", Q3, UP, Period(2027, 1), "1 June 2026")


def harm(direction: Direction) -> Harm:
    return Harm({"sickness": direction, "turnover": EARLY, "incidents": direction})


class TestFigures:
    @pytest.mark.parametrize(
        ("measure", "typed", "tenths"),
        [("sickness", "5.2", 52), ("sickness", "0", 0), ("turnover", "12.5 %", 125), ("incidents", "1,204", 12040),
         ("incidents", "31", 310), ("survey", "100", 1000)],
    )  # fmt: skip
    def test_sane_figures(self, measure: str, typed: str, tenths: int) -> None:
        assert tenths_of(measure, typed) == tenths

    @pytest.mark.parametrize(
        ("measure", "typed", "said"),
        [
            ("sickness", "-1", "Sickness absence: type 0 or more"),
            ("sickness", "−0.1", "Sickness absence: type 0 or more"),
            ("sickness", "100.1", "Sickness absence: type 100 or less"),
            ("incidents", "999999999", "Incidents with harm: type 100,000 or less"),
            ("turnover", "many", "Staff turnover: type a number with at most one digit after the point, such as 5.2"),
            ("turnover", "1,2", "Staff turnover: type a number with at most one digit after the point, such as 5.2"),
            ("turnover", "1e9", "Staff turnover: type a number with at most one digit after the point, such as 5.2"),
            ("turnover", "٥", "Staff turnover: type a number with at most one digit after the point, such as 5.2"),
        ],
    )
    def test_others_are_refused_in_a_sentence(self, measure: str, typed: str, said: str) -> None:
        with pytest.raises(WrongFigure, match=f"^{said}$"):
            tenths_of(measure, typed)

    def test_they_are_written_with_their_unit(self) -> None:
        assert Figure("sickness", Q3, 52).text == "5.2%"
        assert Figure("incidents", Q3, 12040).text == "1,204"


class TestQuadrant:
    def test_each_of_the_four_says_its_own(self) -> None:
        assert quadrant(UP, harm(DOWN)).startswith("Healthy")
        assert quadrant(UP, harm(UP)) == "Real deterioration: ask for help early."
        assert quadrant(DOWN, harm(UP)).startswith("The most dangerous: silence")
        assert quadrant(DOWN, harm(DOWN)).startswith("Solved or tired")

    @pytest.mark.parametrize(("flags", "figures"), [(STEADY, UP), (UP, STEADY), (STEADY, STEADY)])
    def test_noise_is_no_quadrant(self, flags: Direction, figures: Direction) -> None:
        said = quadrant(flags, harm(figures))
        assert said.startswith("No clear change in")
        assert said not in QUADRANTS.values()

    def test_too_little_is_said_as_such(self) -> None:
        assert "needs five quarterly or two yearly reports" in quadrant(EARLY, harm(STEADY))
        assert "type in figures" in quadrant(UP, harm(EARLY))

    @pytest.mark.parametrize("flags", [EARLY, STEADY])
    def test_what_rises_is_said_where_flags_say_nothing(self, flags: Direction) -> None:
        for found in (harm(UP), BOTH):
            assert "harm in reported incidents rise" in quadrant(flags, found)
            assert "nothing to read into them" not in quadrant(flags, found)

    def test_fewer_people_who_feel_safe_are_more_harm(self) -> None:
        assert (harm_of("survey", DOWN), harm_of("survey", UP), harm_of("survey", STEADY)) == (UP, DOWN, STEADY)
        assert harm_of("sickness", UP) is UP

    def test_measures_that_disagree_are_not_called_steady(self) -> None:
        assert BOTH.direction is Direction.MIXED
        assert Harm({"sickness": UP, "turnover": STEADY, "survey": EARLY}).direction is UP
        assert Harm({"sickness": DOWN, "turnover": STEADY}).direction is DOWN
        assert Harm({"sickness": EARLY, "turnover": EARLY}).direction is Harm({}).direction is EARLY
        assert Harm({"sickness": STEADY, "turnover": EARLY}).direction is STEADY

    @pytest.mark.parametrize(
        ("flags", "said"),
        [(UP, "ask for help early"), (DOWN, "silence, the most dangerous"), (STEADY, "No clear change")],
    )
    def test_a_measure_that_rises_is_named_beside_one_that_falls(self, flags: Direction, said: str) -> None:
        found = quadrant(flags, BOTH)
        assert found.startswith("The typed-in figures disagree: harm in reported incidents rises, sickness falls. ")
        assert said in found


class TestExpectation:
    def test_worse_before_better_needs_an_annotation_and_the_numbers(self) -> None:
        said = expectation(UP, harm(STEADY), [CAMPAIGN])
        assert said.startswith(
            "More people are telling us. Sickness and harm in reported incidents have not risen. We expected this"
        )
        assert "to settle by January to March 2027" in said
        assert "if sickness or harm in reported incidents also rises" in said

    def test_without_an_annotation_nothing_is_said(self) -> None:
        assert expectation(UP, harm(STEADY), []) == ""

    def test_noise_is_not_explained(self) -> None:
        assert expectation(STEADY, harm(DOWN), [CAMPAIGN]) == ""
        assert expectation(EARLY, harm(EARLY), [CAMPAIGN]) == ""

    def test_rising_harm_is_not_explained_away(self) -> None:
        assert "Treat it as real" in expectation(UP, harm(UP), [CAMPAIGN])

    def test_nor_is_harm_that_rises_by_one_measure_while_another_falls(self) -> None:
        fewer = replace(CAMPAIGN, expected=DOWN)
        for flags, note in ((UP, CAMPAIGN), (DOWN, fewer)):
            said = expectation(flags, BOTH, [note])
            assert "but harm in reported incidents rises: that does not explain it. Treat it as real." in said
            assert "not risen" not in said and "fallen" not in said

    def test_one_measure_does_not_speak_for_the_others(self) -> None:
        some = Harm({"sickness": DOWN, "turnover": STEADY, "incidents": EARLY})
        said = expectation(UP, some, [CAMPAIGN])
        assert "Sickness has fallen; turnover has not risen." in said
        assert "incidents" not in said and "if sickness or turnover also rises" in said

    def test_harm_that_nobody_typed_in_has_not_stayed_away(self) -> None:
        for flags, note in ((UP, CAMPAIGN), (DOWN, replace(CAMPAIGN, expected=DOWN))):
            said = expectation(flags, harm(EARLY), [note])
            assert "cannot be said yet" in said and "not rise" not in said

    def test_what_came_the_other_way_is_asked_about(self) -> None:
        assert expectation(DOWN, harm(STEADY), [CAMPAIGN]).endswith("There are fewer. Ask why.")


class TestGuide:
    def quarters(self, newest: int) -> list[Stored]:
        periods = [Period(2025, 3), Period(2025, 4), Period(2026, 1), Period(2026, 2), Q3]
        return [stored(one, N01=total) for one, total in zip(periods, [80, 84, 79, 82, newest], strict=True)]

    def figures(self, *newest: int) -> list[Figure]:
        period, found = Period(2024, 1), []
        for tenths in [50, 51, 49, 50, 51, 50, 49, 51, 50, 49, *newest]:
            found.append(Figure("sickness", period, tenths))
            period = period.next()
        return found

    def test_flags_and_harm_that_both_rise(self) -> None:
        made = guide(self.quarters(160), self.figures(75), [CAMPAIGN])
        assert made.sentence == "Real deterioration: ask for help early."
        assert "Treat it as real" in made.expected

    def test_flags_alone_rise_as_expected(self) -> None:
        made = guide(self.quarters(160), self.figures(50), [CAMPAIGN])
        assert made.expected.startswith("More people are telling us")
        assert [number for number, _note in made.notes] == [1]
        chart = made.volume.chart
        assert chart is not None and [note.text for note in chart.notes] == ["1"]

    def test_figures_that_disagree_have_a_sentence_of_their_own(self) -> None:
        incidents = [replace(one, measure="incidents", tenths=one.tenths * 10) for one in self.figures(90)]
        made = guide(self.quarters(160), [*self.figures(20), *incidents], [CAMPAIGN])
        assert made.harm is Direction.MIXED
        assert made.sentence.startswith(
            "The typed-in figures disagree: harm in reported incidents rises, sickness falls."
        )
        assert "Treat it as real" in made.expected

    def test_all_that_is_said_of_a_measure_is_judged_by_the_same_twelve(self) -> None:
        """Twelve quarters of much ado, then a fall that only all twenty-three figures together would call none, or one."""
        disagreed = 0
        for quiet in (self.long(80, 4), self.long(52, 1), self.long(50, 0)):
            made = guide(self.quarters(160), quiet, [])
            line = made.lines[0]
            assert len(line.figures) == 12
            assert (made.harm is DOWN) == (line.direction is DOWN) == line.remark.startswith("down")
            assert ("Healthy" in made.sentence) == (line.direction is DOWN)
            assert line.chart is not None and line.chart.title.endswith(line.remark)
            disagreed += figure_direction([one.value for one in quiet]) is not line.direction
        assert disagreed

    def long(self, before: int, moved: int) -> list[Figure]:
        """Eleven figures around `before`, then twelve of this year and those before it around 5."""
        tenths = [before + moved * (-1) ** n for n in range(11)] + [50, 51, 49, 50, 51, 50, 49, 51, 50, 49, 50, 50]
        period, found = Q3, []
        for one in reversed(tenths):
            found.append(Figure("sickness", period, one))
            period = period.previous()
        return found

    def test_a_measure_that_was_not_typed_in_for_the_period_has_no_direction_anywhere(self) -> None:
        line = guide(self.quarters(160), self.figures(), []).lines[0]
        assert line.remark == "too early to say"
        assert line.chart is not None and line.chart.title.endswith("too early to say")

    def test_figures_of_other_periods_say_nothing_of_this_one(self) -> None:
        assert guide(self.quarters(160), self.figures(), []).harm is EARLY
        year = [Figure("sickness", Period(2026), 900)]
        assert not guide(self.quarters(160), year, []).typed

    def test_an_annotation_of_another_time_explains_nothing(self) -> None:
        later = Note("campaign", "Later", Period(2027, 2), UP, None, "1 June 2026")
        assert guide(self.quarters(160), self.figures(50), [later]).expected == ""

    def test_a_measure_has_a_chart_from_three_figures_on(self) -> None:
        charts = [guide(self.quarters(80), self.figures(50)[-n:], []).lines[0].chart for n in (2, 3)]
        assert charts[0] is None and charts[1] is not None

    def test_no_limit_is_drawn_below_nothing(self) -> None:
        wild = [Figure("sickness", Period(2025, n), tenths) for n, tenths in enumerate((1, 90, 1, 90), 1)]
        chart = line_of("sickness", wild, Period(2025, 4)).chart
        assert chart is not None
        assert not any(tick.text.startswith("-") for tick in chart.ticks)
