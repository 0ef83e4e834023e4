"""Reads a spreadsheet of flags: every row is checked before any is used, and every bad one is named."""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from concerns.areas.rules import NOT_SAID
from concerns.sealing.text import tidy
from concerns.triage.rules import HARMS, WORRIES, bytes_over

COLUMNS = ("collected_on", "area", "theme", "worry", "harm", "text")

MOST_LISTED = 50
#: an older date is a slip of the pen, and would have to be counted before anything newer
OLDEST_YEARS = 10

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_AREA = ("", NOT_SAID, "not said", "prefer not to say")
#: letters and symbols by their category that nevertheless show nothing
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


@dataclass(frozen=True)
class Row:
    """One good row. Area and themes are codes; None or empty where the row says nothing."""

    line: int
    collected_on: dt.date
    area: str | None
    #: the first one is primary
    themes: tuple[str, ...]
    worry: str
    harm: str | None
    text: str


@dataclass(frozen=True)
class Problem:
    """What is wrong, and on which line of the file; line None for the file as a whole."""

    line: int | None
    reason: str

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


class BadFile(Exception):
    """Nothing of this file can be imported; `problems` says why, in the order of the lines; the text lists the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = [str(problem) for problem in problems[:MOST_LISTED]]
        if len(problems) > MOST_LISTED:
            lines.append(f"and {len(problems) - MOST_LISTED:,} more")
        super().__init__("\n".join(lines))
        self.problems = tuple(problems)


class _BadCell(Exception):
    pass


def read_rows(data: bytes, areas: Mapping[str, str], themes: Mapping[str, str], today: dt.date) -> list[Row]:
    """All rows of a CSV file, or BadFile.

    `areas` and `themes` give the code for each name and code, in lower case.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    table = _table(_decode(data))
    _line, heading = table[0]
    places = _places(heading)
    for line, cells in table[1:]:
        if len(cells) != len(heading):
            problems.append(Problem(line, f"it has {len(cells)} columns, the heading has {len(heading)}"))
            continue
        fields = {name: cells[place].strip() for name, place in places.items()}
        row, wrong = _row(line, fields, areas, themes, today)
        problems += wrong
        if row is not None:
            rows.append(row)
    if problems:
        raise BadFile(problems)
    if not rows:
        raise BadFile([Problem(None, "the file has a heading but no rows")])
    return rows


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile([Problem(line, "this is not UTF-8 text: save the file as “CSV UTF-8”")]) from error
    if not text.strip():
        raise BadFile([Problem(None, "the file is empty")])
    return text


def _table(text: str) -> list[tuple[int, list[str]]]:
    """Rows with the number of the line each begins on; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        reason = "a quotation mark is never closed, or stands in the wrong place"
        if "field limit" in str(error):
            reason = "a cell is far too long"
        raise BadFile([Problem(begins, reason)]) from error
    if not found:
        raise BadFile([Problem(None, "the file is empty")])
    return found


def _places(heading: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in heading]
    missing = [name for name in COLUMNS if name not in names]
    if missing and len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise BadFile([Problem(1, "the columns must be separated by commas")])
    if missing:
        noun = "column is" if len(missing) == 1 else "columns are"
        raise BadFile([Problem(1, f"the {noun} missing: {', '.join(missing)}")])
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise BadFile([Problem(1, f"there are two columns named {twice[0]}")])
    return {name: names.index(name) for name in COLUMNS}


def _row(
    line: int, fields: Mapping[str, str], areas: Mapping[str, str], themes: Mapping[str, str], today: dt.date
) -> tuple[Row | None, list[Problem]]:
    readers: dict[str, Callable[[str], object]] = {
        "collected_on": lambda cell: _day(cell, today),
        "area": lambda cell: _area(cell, areas),
        "theme": lambda cell: _themes(cell, themes),
        "worry": lambda cell: _word(cell, tuple(WORRIES), "worry"),
        "harm": lambda cell: _word(cell, tuple(HARMS), "harm") or None,
        "text": _text,
    }
    values: dict[str, object] = {}
    problems = []
    for name, read in readers.items():
        try:
            values["themes" if name == "theme" else name] = read(fields[name])
        except _BadCell as error:
            problems.append(Problem(line, str(error)))
    return (None if problems else Row(line=line, **values)), problems  # type: ignore[arg-type]


def _day(cell: str, today: dt.date) -> dt.date:
    if not cell:
        raise _BadCell("collected_on is empty")
    try:
        day = dt.date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        day = None
    if day is None:
        raise _BadCell(f"collected_on “{_short(cell)}” is not a date like 2026-01-31")
    if day > today:
        raise _BadCell(f"collected_on {cell} is in the future")
    if (day.year + OLDEST_YEARS, day.month, day.day) < (today.year, today.month, today.day):
        raise _BadCell("the date is more than ten years ago")
    return day


def _area(cell: str, codes: Mapping[str, str]) -> str | None:
    """The code of an area; None where the reporter would rather not say, in whatever words."""
    if _folded(cell) in _NO_AREA:
        return None
    return _known(cell, codes, "area")


def _known(cell: str, codes: Mapping[str, str], noun: str) -> str:
    code = codes.get(_folded(cell))
    if code is None:
        raise _BadCell(f"there is no {noun} “{_short(cell)}”")
    return code


def _themes(cell: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    if not cell:
        return ()
    parts = [part.strip() for part in cell.split("|")]
    if "" in parts:
        raise _BadCell("a theme is empty")
    return tuple(dict.fromkeys(_known(part, codes, "theme") for part in parts))


def _word(cell: str, words: Sequence[str], noun: str) -> str:
    word = cell.lower()
    if word and word not in words:
        raise _BadCell(f"{noun} “{_short(cell)}” is not one of: {', '.join(words)}")
    return word


def _text(cell: str) -> str:
    text = tidy(cell)
    if not any(unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANKS for sign in text):
        raise _BadCell("the text is empty")
    over = bytes_over(text)
    if over:
        much = "1 byte" if over == 1 else f"{over:,} bytes"
        raise _BadCell(f"the text is {much} too long: at most 12,000 bytes can be sealed")
    return text


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= 40 else line[:40] + "…"
