"""The spreadsheet of flags: every fault is named with its line and reason, and never anything but rows or BadFile."""

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.triage.entering.csv_rows import COLUMNS, BadFile, Problem, Row, read_rows

TODAY = dt.date(2026, 11, 22)
AREAS = {"ward 1": "ward-1", "ward-1": "ward-1", "theatres": "theatres"}
THEMES = {"staffing": "N01", "n01": "N01", "bullying": "N02", "n02": "N02", "other": "other"}
HEADING = "collected_on,area,theme,worry,harm,text\n"
GOOD = "2026-10-05,Ward 1,Staffing|n02,very,low,Too few at night\n"


def read(text: str | bytes) -> list[Row]:
    return read_rows(text if isinstance(text, bytes) else text.encode(), AREAS, THEMES, TODAY)


def test_a_good_row_is_read_whole() -> None:
    assert read(HEADING + GOOD) == [
        Row(2, dt.date(2026, 10, 5), "ward-1", ("N01", "N02"), "very", "low", "Too few at night")
    ]


def test_empty_cells_say_nothing() -> None:
    (row,) = read(HEADING + '2026-10-05,,,,,"Two lines\nof ""text"""\n')
    assert (row.area, row.themes, row.worry, row.harm) == (None, (), "", None)
    assert row.text == 'Two lines\nof "text"'


@pytest.mark.parametrize("words", ["not-said", "Not said", "Prefer not to say", "PREFER  NOT TO SAY"])
def test_no_area_may_be_said_in_words(words: str) -> None:
    (row,) = read(HEADING + GOOD.replace("Ward 1", words))
    assert row.area is None


def test_a_date_of_exactly_ten_years_ago_and_a_single_sign_are_taken() -> None:
    (row,) = read(HEADING + GOOD.replace("2026-10-05", "2016-11-22").replace("Too few at night", "👍"))
    assert (row.collected_on, row.text) == (dt.date(2016, 11, 22), "👍")
    leap = dt.date(2028, 2, 29)
    assert read_rows((HEADING + GOOD.replace("2026-10-05", "2018-03-01")).encode(), AREAS, THEMES, leap)


def test_a_long_list_of_faults_is_cut_short() -> None:
    with pytest.raises(BadFile) as refused:
        read(HEADING + "2026-10-05,Nowhere,,,,x\n" * 1_200)
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (51, "line 2: there is no area “Nowhere”", "and 1,150 more")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADING + GOOD,
        HEADING.replace("\n", "\r\n") + GOOD.replace("\n", "\r\n"),
        "\n\n" + HEADING + "\n" + GOOD + "\n,,,,,\n",
        HEADING.upper() + GOOD,
        "id," + HEADING + "7," + GOOD,
        HEADING + GOOD.replace("Ward 1", " WARD   1 ").replace("Staffing|n02", " STAFFING | bullying | n01"),
    ],
)
def test_what_spreadsheet_programs_make_of_it_is_understood(text: str) -> None:
    (row,) = read(text)
    assert (row.area, row.themes, row.text) == ("ward-1", ("N01", "N02"), "Too few at night")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        (" \n \n", "the file is empty"),
        (HEADING, "the file has a heading but no rows"),
        (b"\xff\xfe" + HEADING.encode("utf-16-le"), "line 1: this is not UTF-8 text: save the file as “CSV UTF-8”"),
        (
            HEADING.encode() + GOOD.encode() + b"2026-10-05,,,,,caf\xe9\n",
            "line 3: this is not UTF-8 text: save the file as “CSV UTF-8”",
        ),
        ("collected_on,area,text\n" + GOOD, "line 1: the columns are missing: theme, worry, harm"),
        (HEADING.replace(",harm", "") + GOOD, "line 1: the column is missing: harm"),
        (HEADING.replace(",", ";") + GOOD, "line 1: the columns must be separated by commas"),
        (HEADING.replace("\n", ",text\n") + GOOD, "line 1: there are two columns named text"),
        (HEADING + "2026-10-05,Ward 1\n", "line 2: it has 2 columns, the heading has 6"),
        (HEADING + GOOD.replace("\n", ",more\n"), "line 2: it has 7 columns, the heading has 6"),
        (
            HEADING + GOOD + '2026-10-05,,,,,"open',
            "line 3: a quotation mark is never closed, or stands in the wrong place",
        ),
        (HEADING + '2026-10-05,,,,,"' + "x" * 200_000 + '"', "line 2: a cell is far too long"),
        (HEADING + GOOD.replace("2026-10-05", ""), "line 2: collected_on is empty"),
        (
            HEADING + GOOD.replace("2026-10-05", "05/10/2026"),
            "line 2: collected_on “05/10/2026” is not a date like 2026-01-31",
        ),
        (
            HEADING + GOOD.replace("2026-10-05", "2026-02-30"),
            "line 2: collected_on “2026-02-30” is not a date like 2026-01-31",
        ),
        (HEADING + GOOD.replace("2026-10-05", "2026-11-23"), "line 2: collected_on 2026-11-23 is in the future"),
        (HEADING + GOOD.replace("Ward 1", "Ward 9"), "line 2: there is no area “Ward 9”"),
        (HEADING + GOOD.replace("n02", "Parking"), "line 2: there is no theme “Parking”"),
        (HEADING + GOOD.replace("n02", ""), "line 2: a theme is empty"),
        (HEADING + GOOD.replace("2026-10-05", "0001-01-01"), "line 2: the date is more than ten years ago"),
        (HEADING + GOOD.replace("2026-10-05", "1899-12-31"), "line 2: the date is more than ten years ago"),
        (HEADING + GOOD.replace("2026-10-05", "2016-11-21"), "line 2: the date is more than ten years ago"),
        (HEADING + GOOD.replace("Too few at night", "\u200b\u2060 \ufeff\u3164"), "line 2: the text is empty"),
        (HEADING + GOOD.replace("Too few at night", "\u200d\ufe0f\u00ad"), "line 2: the text is empty"),
        (
            HEADING + GOOD.replace("Too few at night", "x" * 12_002),
            "line 2: the text is 2 bytes too long: at most 12,000 bytes can be sealed",
        ),
        (
            HEADING + GOOD.replace("very", "a bit"),
            "line 2: worry “a bit” is not one of: very, fairly, not very, not at all",
        ),
        (
            HEADING + GOOD.replace("low", "grim"),
            "line 2: harm “grim” is not one of: none, low, moderate, severe, fatal",
        ),
        (HEADING + GOOD.replace("Too few at night", "  "), "line 2: the text is empty"),
        (
            HEADING + GOOD.replace("Too few at night", "x" * 12_001),
            "line 2: the text is 1 byte too long: at most 12,000 bytes can be sealed",
        ),
    ],
)
def test_each_fault_is_named_with_its_line_and_reason(text: str | bytes, problem: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(text)
    assert [str(found) for found in refused.value.problems] == [problem]


def test_every_bad_row_is_named_and_good_ones_do_not_help() -> None:
    bad = "2027-01-01,Nowhere,,,,\n"
    with pytest.raises(BadFile) as refused:
        read(HEADING + GOOD + bad + '2026-10-05,,,,,"over\ntwo lines"\n' + bad)
    assert [(found.line, found.reason) for found in refused.value.problems] == [
        (line, reason)
        for line in (3, 6)
        for reason in (
            "collected_on 2027-01-01 is in the future",
            "there is no area “Nowhere”",
            "the text is empty",
        )
    ]


def outcome(data: bytes) -> tuple[list[Row], tuple[Problem, ...]]:
    """Rows or problems; any other exception fails the test."""
    try:
        return read(data), ()
    except BadFile as refused:
        return [], refused.problems


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_bad_file(data: bytes) -> None:
    for sent in (data, HEADING.encode() + data):
        rows, problems = outcome(sent)
        assert bool(rows) != bool(problems)


CELLS = st.fixed_dictionaries(
    {
        "collected_on": st.sampled_from(["2026-10-05", "1999-01-01", "2026-13-01", "", "soon"]),
        "area": st.sampled_from(["Ward 1", "theatres", "", "Moon"]),
        "theme": st.sampled_from(["Staffing", "N01|N02", "other", "", "Moon"]),
        "worry": st.sampled_from(["very", "Not at all", "", "sure"]),
        "harm": st.sampled_from(["none", "FATAL", "", "bad"]),
        "text": st.text(max_size=60),
    }
)


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_all_rows_or_none(cells: list[dict[str, str]]) -> None:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(cells)
    data = file.getvalue().encode(errors="replace")
    rows, problems = outcome(data)
    written = [row for row in cells if any(value.strip() for value in row.values())]
    # where there is no row at all, the fault is the file's and no line's
    assert all(bool(problem.line) == bool(written) and problem.reason for problem in problems)
    if not problems:
        assert len(rows) == len(written)
        assert all(row.text and row.collected_on <= TODAY for row in rows)
