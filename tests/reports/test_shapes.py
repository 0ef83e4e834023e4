import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.reports.control import Limits
from concerns.reports.shapes import HEIGHT, WIDTH, Chart, Dot, line_chart


def drawn(*dots: Dot, from_zero: bool = True) -> Chart:
    chart = line_chart("Flags", dots, from_zero=from_zero)
    assert chart is not None
    return chart


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e9)), min_size=1, max_size=12), st.booleans())
def test_whatever_the_values_everything_lies_within_the_drawing(values: list[float | None], from_zero: bool) -> None:
    chart = line_chart("Flags", [Dot(str(n), value) for n, value in enumerate(values)], from_zero=from_zero)
    if all(value is None for value in values):
        assert chart is None
        return
    assert chart is not None
    assert len(chart.points) == sum(value is not None for value in values)
    for point in chart.points:
        assert 0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT
    assert 2 <= len(chart.ticks) <= 8
    assert "nan" not in chart.line and "inf" not in chart.line


def test_a_gap_breaks_the_line() -> None:
    chart = drawn(Dot("a", 10), Dot("b", 12), Dot("c", None), Dot("d", 11))
    assert re.sub(r"[\d. ]", "", chart.line) == "MLM"


def test_higher_values_stand_higher() -> None:
    low, high = drawn(Dot("a", 10), Dot("b", 90)).points
    assert low.y > high.y


def test_limits_are_a_band_with_a_mean() -> None:
    chart = drawn(Dot("a", 10), Dot("b", 12, limits=Limits(10, 4, 16)))
    assert chart.band.count("Z") == 1 and chart.mean.count("H") == 1


def test_notes_stand_above_their_period() -> None:
    chart = drawn(Dot("a", 10), Dot("b", 12, notes=(1, 2)))
    assert [(note.text, note.x) for note in chart.notes] == [("1, 2", chart.points[1].x)]


@pytest.mark.parametrize("count", [1, 6, 7, 12])
def test_names_do_not_run_into_each_other_and_the_newest_is_there(count: int) -> None:
    chart = drawn(*(Dot(f"Q1 {n:02}", 10) for n in range(count)))
    assert chart.names[-1].text == f"Q1 {count - 1:02}"
    assert all(after.x - before.x >= 45 for before, after in itertools.pairwise(chart.names))


def test_a_chart_of_figures_need_not_start_at_zero() -> None:
    assert drawn(Dot("a", 50.1), Dot("b", 50.4), from_zero=False).ticks[0].text != "0"
    assert drawn(Dot("a", 50.1), Dot("b", 50.4)).ticks[0].text == "0"


def test_large_numbers_have_their_place_at_the_edge() -> None:
    narrow = line_chart("Flags", [Dot("Q1", 40)])
    wide = line_chart("Flags", [Dot("Q1", 1_234_567)])
    assert narrow is not None and wide is not None
    assert narrow.left == 44
    longest = max(len(tick.text) for tick in wide.ticks)
    assert longest == len("1,500,000") and wide.left - 6 >= 6 * longest
    assert all(wide.left < point.x < wide.right for point in wide.points)
