"""Reads and writes the table of areas as a spreadsheet holds it: division, area, staff, and the code of an area that is there."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from concerns.areas.rules import LONGEST_NAME, MOST_STAFF, NOT_SAID, AreaFacts, folded, has_controls

#: characters of a table; a thousand areas have sixty thousand
LONGEST_TABLE, MOST_ROWS = 200_000, 1000
HEADER = ("division", "area", "staff", "code")
_NAMES = {
    "division": {"division", "directorate", "department", "part", "faculty"},
    "area": {"area", "team", "name", "ward", "unit", "service", "place"},
    "staff": {"staff", "head-count", "headcount", "head count", "people", "number of staff", "employees", "fte"},
    "code": {"code"},
}
_WHOLE = re.compile(r"\d{1,3}(?:[ ,\u00a0]?\d{3})*(?:\.0+)?", re.ASCII)


@dataclass(frozen=True)
class Row:
    """One line of the table as it was read."""

    line: int
    division: str
    name: str
    staff: int
    #: empty, or of an area that is there
    code: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table as it was read, and what is wrong with it: a sentence for each line."""

    rows: tuple[Row, ...]
    troubles: tuple[str, ...]


def read_table(text: str) -> Sheet:
    """Read what was pasted: columns parted by tabs, semicolons or commas, with or without a first line of headings."""
    if len(text) > LONGEST_TABLE:
        return Sheet((), (f"The table is longer than {LONGEST_TABLE:,} characters.",))
    parted = "\t" if "\t" in text else ";" if ";" in text else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=parted, skipinitialspace=parted != "\t")
    try:
        lines = [(reader.line_num, [" ".join(cell.split()) for cell in cells]) for cells in reader]
    except csv.Error:
        return Sheet((), (f"Line {reader.line_num} cannot be read: look at its quotation marks.",))
    lines = [(number, cells) for number, cells in lines if any(cells)]
    order = _headings(lines[0][1]) if lines else None
    if order is not None:
        del lines[0]
    rows, troubles = _rows(lines, order or HEADER)
    if not rows and not troubles:
        troubles = ["The table has no areas. Write one line for each area."]
    return Sheet(tuple(rows), tuple(troubles))


def write_table(areas: Iterable[AreaFacts]) -> str:
    """The table of these areas, to be pasted into a spreadsheet or changed on the page."""
    rows = [(area.division, area.name, str(area.staff), area.code) for area in areas]
    return "\n".join("\t".join(_cell(cell) for cell in row) for row in [HEADER, *rows])


def starting_table(divisions: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A sector's typical areas, with their head-counts still to be filled in."""
    rows = [(division, name, "") for division, names in divisions for name in names]
    return "\n".join("\t".join(_cell(cell) for cell in row) for row in [HEADER[:3], *rows])


def _headings(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Which column each heading stands over; None where the first line is an area."""
    found = tuple(next((name for name, known in _NAMES.items() if cell.lower() in known), "") for cell in cells)
    return found if {"area", "staff"} <= set(found) else None


def _rows(lines: Sequence[tuple[int, list[str]]], order: Sequence[str]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    divisions: dict[str, str] = {}
    troubles = [f"The table has more than {MOST_ROWS:,} areas."] if len(lines) > MOST_ROWS else []
    for number, cells in lines[:MOST_ROWS]:
        fields = dict(zip(order, cells, strict=False))
        trouble = _trouble(fields, len(cells), len(order))
        if trouble:
            troubles.append(f"Line {number}: {trouble}")
            continue
        # one division, however it is spelt: as its first line spells it
        division = divisions.setdefault(folded(fields["division"]), fields["division"])
        row = Row(number, division, fields["area"], _number(fields["staff"]), fields.get("code", "").lower())
        same = next((one for one in rows if folded(one.name) == folded(row.name)), None)
        if same is not None:
            troubles.append(f"Line {number}: “{row.name}” stands on line {same.line} too. Two areas need two names.")
        elif row.code and any(one.code == row.code for one in rows):
            troubles.append(f"Line {number}: the code “{row.code}” stands on an earlier line too.")
        else:
            rows.append(row)
    return rows, troubles


def _trouble(fields: dict[str, str], found: int, wanted: int) -> str:
    """What is wrong with one line; empty where nothing is."""
    division, name, staff = (fields.get(column, "") for column in HEADER[:3])
    if found > wanted:
        return f"there are {found} columns. Put a name that holds a comma into quotation marks."
    if not division or not name:
        return "write the division, the area and its staff, in this order."
    return _of_names(division, name) or _of_staff(name, staff)


def _of_names(division: str, name: str) -> str:
    if has_controls(division + name):
        return "there is a character that cannot be shown."
    if max(len(division), len(name)) > LONGEST_NAME:
        return f"a name has more than {LONGEST_NAME} characters."
    return f"an area cannot be called “{name}”." if folded(name) == folded(NOT_SAID) else ""


def _of_staff(name: str, staff: str) -> str:
    if not staff:
        return f"how many people work in {name}?"
    if not _WHOLE.fullmatch(staff):
        return f"“{staff}” is not a whole number of staff."
    return f"{name} has more than {MOST_STAFF:,} staff." if _number(staff) > MOST_STAFF else ""


def _number(staff: str) -> int:
    return int(re.sub(r"\.0+$|[ ,\u00a0]", "", staff))


def _cell(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if text.startswith('"') else text
