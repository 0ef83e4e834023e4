"""The table of areas as a spreadsheet holds it: read in whatever shape it is pasted, and written so that it is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.areas.rules import AreaFacts, areas_of
from concerns.areas.table import HEADER, MOST_ROWS, read_table, starting_table, write_table

TABS = "Medicine\tWard 1\t60\nSurgery\tTheatres\t1,200"


@pytest.mark.parametrize(
    "pasted",
    [
        TABS,
        "Division\tArea\tStaff\n" + TABS,
        "Medicine;Ward 1;60\r\nSurgery;Theatres;1200\r\n",
        'Medicine,Ward 1,60\n\n"Surgery", "Theatres", "1,200"\n',
        "Area\tHead-count\tDirectorate\nWard 1\t60\tMedicine\nTheatres\t1 200\tSurgery",
        "  Medicine \t Ward  1\t60.0\nSurgery\tTheatres\t1200\t",
    ],
)
def test_it_is_read_in_whatever_shape_it_is_pasted(pasted: str) -> None:
    sheet = read_table(pasted)
    assert sheet.troubles == ()
    found = [(row.division, row.name, row.staff) for row in sheet.rows]
    assert found == [("Medicine", "Ward 1", 60), ("Surgery", "Theatres", 1200)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Medicine\tWard 3", "how many people work in Ward 3?"),
        ("Medicine", "write the division, the area and its staff"),
        ("\tWard 3\t4", "write the division, the area and its staff"),
        ("Medicine\tWard 3\t", "how many people work in Ward 3?"),
        ("Medicine\tWard 3\tmany", "“many” is not a whole number"),
        ("Medicine\tWard 3\t-4", "“-4” is not a whole number"),
        ("Medicine\tWard 3\t2.5", "“2.5” is not a whole number"),
        ("Medicine\tWard 3\t9000000", "more than 1,000,000 staff"),
        ("Medicine\tWard 1\t4", "“Ward 1” stands on line 1 too"),
        ("Medicine\tnot-said\t40", "cannot be called “not-said”"),
        (f"Medicine\t{'W' * 121}\t4", "more than 120 characters"),
        ("Medicine\tWard 3\t4\t\tfifth", "there are 5 columns"),
    ],
)
def test_a_line_that_is_wrong_is_named(line: str, said: str) -> None:
    (trouble, *_rest) = read_table(f"Medicine\tWard 1\t60\n{line}").troubles
    assert trouble.startswith("Line 2: ")
    assert said in trouble


def test_every_wrong_line_is_named_at_once() -> None:
    assert len(read_table("Medicine\tWard 1\t\nMedicine\tWard 2\t\nMedicine\tWard 3\t4").troubles) == 2


@pytest.mark.parametrize("empty", ["", "\n \n", "Division\tArea\tStaff"])
def test_no_table_is_said_so(empty: str) -> None:
    assert read_table(empty).troubles == ("The table has no areas. Write one line for each area.",)


def test_a_division_is_one_however_it_is_spelt() -> None:
    sheet = read_table("Medicine\tWard 1\t60\nMEDICINE\tWard 2\t60")
    assert {row.division for row in sheet.rows} == {"Medicine"}


def test_there_is_a_limit() -> None:
    rows = "\n".join(f"Medicine\tWard {number}\t40" for number in range(MOST_ROWS + 1))
    assert "more than 1,000 areas" in read_table(rows).troubles[0]
    assert "longer than" in read_table("x" * 300_000).troubles[0]


def test_a_quotation_mark_that_never_ends_is_no_error_of_ours() -> None:
    assert read_table('Medicine\t"Ward 1\t60\nMedicine\tWard 2\t5').troubles


name = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30)


@given(st.lists(st.tuples(name, name, st.integers(0, 9999)), min_size=1, max_size=6))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, int]]) -> None:
    try:
        areas = areas_of(rows)
    except ValueError:
        return
    if any(area.name.casefold() == "not-said" or not area.name.strip() for area in areas):
        return
    sheet = read_table(write_table(areas))
    assert sheet.troubles == ()
    assert [(row.name, row.staff, row.code) for row in sheet.rows] == [(a.name, a.staff, a.code) for a in areas]


def test_a_beginning_asks_for_the_head_counts() -> None:
    text = starting_table([("Medicine", ("Ward 1", "Ward 2"))])
    assert text.splitlines()[0] == "\t".join(HEADER[:3])
    assert read_table(text).troubles == (
        "Line 2: how many people work in Ward 1?",
        "Line 3: how many people work in Ward 2?",
    )


def test_the_table_of_what_is_there_names_its_codes() -> None:
    assert write_table([AreaFacts("ward-1", "Ward 1", "Medicine", 60)]).endswith("Medicine\tWard 1\t60\tward-1")
