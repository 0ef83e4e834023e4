import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.disclosure.periods import Kind, Period, WrongPeriod
from concerns.store.house import week_of

days = st.dates(dt.date(1990, 1, 1), dt.date(2190, 12, 31))
kinds = st.sampled_from(list(Kind))
years = st.integers(1950, 2150)
periods = st.builds(Period, years, st.integers(0, 4)) | st.builds(Period, years, handling=st.just(True))


@given(periods)
def test_a_period_reads_what_it_writes(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods)
def test_periods_follow_one_another_without_gap(period: Period) -> None:
    assert period.next().start == period.end + dt.timedelta(days=1)
    assert period.next().previous() == period
    assert period < period.next()
    assert period.next().kind is period.kind


@given(days, kinds)
def test_every_day_lies_in_one_period_of_a_kind(day: dt.date, kind: Kind) -> None:
    period = Period.of(kind, day)
    assert period.start <= day <= period.end
    assert period.kind is kind


@given(days)
def test_a_week_belongs_to_the_period_of_its_monday(day: dt.date) -> None:
    monday = week_of(day)
    assert Period.of(Kind.QUARTER, monday).start <= monday <= Period.of(Kind.QUARTER, monday).end


def test_four_quarters_make_a_year() -> None:
    assert [str(Period(2026, n).start) for n in (1, 2, 3, 4)] == [
        "2026-01-01",
        "2026-04-01",
        "2026-07-01",
        "2026-10-01",
    ]
    assert Period(2026, 4).end == Period(2026).end == dt.date(2026, 12, 31)


def test_cut_off_is_a_date_of_the_calendar() -> None:
    assert Period.parse("2026-Q3").cut_off(21) == dt.date(2026, 10, 21)
    assert Period.parse("2026").cut_off(21) == dt.date(2027, 1, 21)


@pytest.mark.parametrize("text", ["2026-Q3", " 2026-q3 "])
def test_letters_and_edges_do_not_matter(text: str) -> None:
    assert Period.parse(text) == Period(2026, 3)


@pytest.mark.parametrize("text", ["", "2026-Q5", "2026-Q0", "26-Q1", "2026-07", "Q3 2026", "2026-Q3\n2026", "２０２６"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(WrongPeriod, match="2026-Q3 or a year as 2026"):
        Period.parse(text)


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        period = Period.parse(text)
    except WrongPeriod:
        return
    assert str(period) == text.strip().upper()


def test_in_words() -> None:
    assert Period(2026, 3).in_words == "July to September 2026"
    assert Period(2026).in_words == "2026"
