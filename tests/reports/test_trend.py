from dataclasses import replace

from concerns.disclosure.document import Stored
from concerns.disclosure.periods import Period
from concerns.reports.control import Direction
from concerns.reports.trend import volume
from tests.reports.releases import stored

LAST = Period(2026, 3)


def quarters(*totals: int, last: Period = LAST) -> list[Stored]:
    periods = [last]
    while len(periods) < len(totals):
        periods.append(periods[-1].previous())
    return [stored(period, N01=total) for period, total in zip(reversed(periods), totals, strict=True)]


def test_the_message_comes_first() -> None:
    made = volume(quarters(80, 84, 79, 82, 160))
    assert made.message == "July to September 2026: about 160 (151 to 169) flags, more than chance explains"
    assert made.chart is not None and made.chart.title == made.message
    assert [point.signal for point in made.chart.points] == [False] * 4 + [True]


def test_one_release_has_a_point_and_nothing_to_compare_with() -> None:
    made = volume(quarters(80))
    assert made.message == "July to September 2026: about 80 (71 to 89) flags, too early to compare"
    assert made.readings[0].remark == ""
    assert made.chart is not None and made.chart.band == ""


def test_below_about_200_a_year_there_is_no_line() -> None:
    made = volume(quarters(45, 48, 44, 46))
    assert made.chart is None
    assert "from about 200 flags a year on" in made.without
    assert made.readings[0].text == "About 45 (36 to 54)"
    assert volume([stored(Period(2025), N01=150)]).chart is None
    assert volume([stored(Period(2025), N01=210)]).chart is not None


def test_without_a_line_the_newest_year_is_said() -> None:
    year = stored(Period(2025), N01=150)
    assert volume(quarters(45, 48), year=year).without.endswith("In 2025: about 150 (141 to 159).")
    hidden = volume(quarters(45, 48), year=stored(Period(2025), N01=2)).without
    assert hidden.endswith("In 2025: too few, or too large a share, to show safely.")
    assert "In 2025" not in volume([year], year=year).without


def test_a_hidden_total_is_a_gap() -> None:
    made = volume(quarters(80, 84, 3, 82, 80))
    assert made.chart is not None and len(made.chart.points) == 4
    assert made.readings[2].text == "Too few, or too large a share, to show safely"


def test_negative_and_zero_totals_look_alike_and_draw_nothing() -> None:
    negative, zero = volume(quarters(-7)), volume(quarters(0))
    assert negative == zero
    assert negative.chart is None
    assert negative.without == "No line can be drawn where totals are hidden."
    assert volume(quarters(900)).without == negative.without, "nor does it tell few from too large a share"
    assert negative.message.endswith("too few, or too large a share, to show safely")


def test_silence_is_said_in_the_message() -> None:
    made = volume(quarters(80, 84, 79, 82, 2))
    assert made.message == "July to September 2026: was about 82, now fewer than we can show"
    assert made.direction is Direction.EARLY


def test_a_floor_that_was_raised_is_no_silence() -> None:
    earlier = quarters(45, 45, 45, 45, last=Period(2026, 2))
    for value in (45, 0):
        now = stored(LAST, N01=value)
        made = volume([*earlier, replace(now, terms=replace(now.terms, floor=60))])
        assert made.message == (
            "July to September 2026: too few, or too large a share, to show safely, cannot be compared with the reports "
            "before: numbers are blurred or hidden more than they were"
        )
        assert made.readings[-1].remark.startswith("cannot be compared")
        assert made.hides


def test_a_year_is_compared_with_the_year_before_until_there_are_more() -> None:
    def years(*totals: int) -> list[Stored]:
        return [stored(Period(2026 - place), N01=total) for place, total in reversed([*enumerate(reversed(totals))])]

    assert volume(years(160, 90)).direction is Direction.DOWN
    assert volume(years(90, 160)).message == "2026: about 160 (151 to 169) flags, more than chance explains"
    assert volume(years(90, 100)).direction is Direction.STEADY
    assert volume(years(90)).direction is volume(years(3, 90)).direction is Direction.EARLY
    # five years are judged by limits: what is a step from 90 is none from all of them
    assert volume(years(160, 150, 170, 90, 160)).direction is not Direction.UP
    assert volume(quarters(90, 160)).direction is Direction.EARLY, "quarters come often enough"


def test_huge_numbers_stay_readable() -> None:
    made = volume([stored(Period(2025), staff=9_000_000, N01=1_234_567)])
    assert "about 1,234,567" in made.message
    assert made.chart is not None and made.chart.ticks[-1].text in ("1,500,000", "2,000,000")


def test_a_chart_holds_three_years_of_quarters() -> None:
    made = volume(quarters(*[80] * 20))
    assert made.chart is not None and len(made.chart.points) == 12
    assert made.readings[0].direction is Direction.STEADY, "what came before is known nevertheless"


def test_annotations_stand_at_their_period() -> None:
    made = volume(quarters(80, 84), [(LAST, 1)])
    assert made.chart is not None and [note.text for note in made.chart.notes] == ["1"]
