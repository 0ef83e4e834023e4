"""Reads people out of pasted rows, one a line: name, e-mail address and roles, with the faults of every bad line. Pure."""

import csv
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from concerns.areas.rules import has_controls
from concerns.people.rules import ROLE_NAMES, email_problem, normal_email, roles_problem, stand_in_problem

LONGEST_NAME = 120
MOST_ROWS = 200
STAND_IN = "stand-in"
_SEPARATORS = ("\t", ";", ",")
_BETWEEN_ROLES = re.compile(r"[,;/|+&]|\band\b")


@dataclass(frozen=True)
class Pasted:
    """One good row."""

    name: str
    email: str
    roles: tuple[str, ...]
    stand_in: bool


def read_people(text: str, taken: Collection[str]) -> tuple[list[Pasted], list[str]]:
    """The good rows, and a sentence with the number of its line for each fault; `taken` are addresses with an account."""
    rows: list[Pasted] = []
    faults: list[str] = []
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_ROWS:
        return [], [f"These are {len(lines)} rows: paste {MOST_ROWS} at most at a time."]
    seen = set(taken)
    for place, (number, line) in enumerate(lines):
        cells = _cells(line)
        if place == 0 and _is_header(cells):
            continue
        row = _row(cells)
        problem = _problem(row, cells, seen)
        if problem:
            faults.append(f"Line {number}: {problem}.")
        else:
            rows.append(row)
        seen.add(row.email)
    if not rows and not faults:
        faults.append("Enter at least one row: a name, an e-mail address and a role.")
    return rows, faults


def _cells(line: str) -> list[str]:
    separator = next((one for one in _SEPARATORS if one in line), ",")
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        cells = line.split(separator)
    return [" ".join(cell.split()) for cell in cells]


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and "@" not in "".join(cells) and "mail" in cells[1].lower()


def _row(cells: Sequence[str]) -> Pasted:
    name, email, *rest = [*cells, "", ""][: max(2, len(cells))]
    words = [word.strip().lower() for word in _BETWEEN_ROLES.split(",".join(rest))]
    roles = [word for word in words if word and word not in (STAND_IN, "stand in")]
    return Pasted(name, normal_email(email), tuple(dict.fromkeys(roles)), len(roles) < len([w for w in words if w]))


def _problem(row: Pasted, cells: Sequence[str], seen: Collection[str]) -> str | None:
    if len(cells) < 3:
        return "give a name, an e-mail address and a role, with a comma or a tab between"
    if not row.name or len(row.name) > LONGEST_NAME or has_controls(row.name):
        return f"enter a name of at most {LONGEST_NAME} characters"
    unknown = [role for role in row.roles if role not in ROLE_NAMES]
    if unknown:
        return f"there is no role “{unknown[0][:40]}”: choose from {', '.join(ROLE_NAMES)}"
    if row.email in seen:
        return f"somebody already has the e-mail address {row.email}"
    problem = email_problem(row.email) or roles_problem(row.roles)
    problem = problem or stand_in_problem(row.roles, stand_in=row.stand_in)
    return None if problem is None else problem[0].lower() + problem[1:]
