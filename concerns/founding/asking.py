"""Asks the answers of set-up at the prompt, in the shape that a file would have.

What cannot be taken is said in a sentence and asked again at once, so that nothing that was typed is lost.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import click

from concerns.areas.rules import LONGEST_NAME, LONGEST_ORGANISATION, MOST_FLAGS, MOST_STAFF, areas_of, has_controls
from concerns.founding.answers import LEAST_GUARDIANS
from concerns.founding.answers import LONGEST_NAME as LONGEST_OF_A_PERSON
from concerns.pages.theme import DEFAULT_COLOUR, is_colour
from concerns.people.model import ROLES
from concerns.people.parts import INSTEAD
from concerns.people.rules import email_problem, normal_email, roles_problem
from concerns.people.settings.instead import ASKED
from concerns.people.settings.instead import LONGEST as LONGEST_INSTEAD
from concerns.themes.packs import SECTORS, load_pack

DEFAULT_STAFF = 50
BEFORE = "Nothing is founded before the last question is answered; Ctrl-C ends without a trace."
ONE_LINE = "Write one line of text in UTF-8, without a control character"
NOT_TEXT = "Error: This is not text in UTF-8. Type it again."

T = TypeVar("T")
#: takes what was typed, on one line and tidied; raises ValueError with a sentence where it cannot be the answer
Take = Callable[[str], T]
Area = tuple[str, str, int]


def ask() -> dict[str, Any]:
    """A document as `answers.toml` would hold it, without passphrases: everybody gets a one-time link.

    Days to read are asked in the browser, with everything else that the terminal leaves open. Raises click.Abort.
    """
    click.echo(BEFORE)
    name = _asked("Name of the organisation", _text("Enter the name of the organisation", LONGEST_ORGANISATION))
    sector = _asked(f"Sector ({', '.join(SECTORS)})", _sector)
    return {
        "organisation": {
            "name": name,
            "sector": sector,
            "colour": _asked("Its colour, as #rrggbb", _colour, default=DEFAULT_COLOUR),
            "flags_per_year": _asked("How many flags a year do you expect", _number(1, MOST_FLAGS)),
            "reading_days": [],
        },
        "areas": [{"name": name, "division": division, "staff": staff} for name, division, staff in _areas(sector)],
        "people": _people(),
        "read_instead": _who_reads(),
    }


def _asked(text: str, take: Take[T], *, default: str = "") -> T:
    """What `take` makes of an answer; asked until it takes one."""

    def taken(typed: str) -> T:
        line = " ".join(typed.split())
        try:
            if has_controls(line):
                raise ValueError(ONE_LINE)  # noqa: TRY301 - said as every other reason is
            return take(line)
        except ValueError as refused:
            raise click.UsageError(f"{str(refused).rstrip('.')}.") from refused

    while True:
        try:
            # an empty answer is refused in a sentence too, where click alone would ask again without a word
            return click.prompt(text, default=default, show_default=bool(default), value_proc=taken)
        except UnicodeError:
            click.echo(NOT_TEXT)


def _areas(sector: str) -> list[Area]:
    click.echo(
        "Areas, one by one. Areas that are typical for this sector are offered; leave a head-count at 0 to skip."
    )
    found: list[Area] = []
    for division, names in load_pack(sector).divisions.items():
        for name in names:
            counted = _number(0, MOST_STAFF)
            staff = _asked(f"  {division}, {name}: how many staff", counted, default=str(DEFAULT_STAFF))
            if staff:
                found.append((name, division, staff))
    while name := _asked("Another area (empty to go on)", partial(_another_area, found)):
        division = _asked("  Its division", _text("Enter the division that it sits in", LONGEST_NAME))
        found.append((name, division, _asked("  How many staff", _number(1, MOST_STAFF))))
    return found


def _people() -> list[dict[str, Any]]:
    click.echo(
        "People. At least two guardians, and an admin who goes on in the browser; "
        "a guardian is neither leader nor admin. Everybody else can be added there."
    )
    found: list[dict[str, Any]] = []
    while name := _asked("Name (empty to finish)", partial(_another_name, found)):
        person: dict[str, Any] = {
            "name": name,
            "email": _asked("  E-mail address", partial(_another_address, found)),
            "roles": _asked(f"  Roles, with commas between ({', '.join(ROLES)})", _roles),
        }
        if "guardian" in person["roles"]:
            person["stand_in"] = _asked("  A stand-in from outside (y or n)", _yes_or_no, default="n")
        found.append(person)
    return found


def _who_reads() -> dict[str, str]:
    click.echo("Who reads a concern that is about one of these? Staff read your answers before they tell.")
    said = {}
    for about, words in INSTEAD.items():
        click.echo(f"  {ASKED[about][1]}.")
        said[about] = _asked(f"  About {words}", _text(f"Say who reads a concern about {words}", LONGEST_INSTEAD))
    return said


def _text(missing: str, longest: int) -> Take[str]:
    def take(line: str) -> str:
        if not line:
            raise ValueError(missing)
        if len(line) > longest:
            raise ValueError(f"Write at most {longest} characters")
        return line

    return take


def _number(least: int, most: int) -> Take[int]:
    def take(line: str) -> int:
        digits = re.sub(r"[ ,]", "", line)
        if not re.fullmatch(r"[0-9]{1,8}", digits, re.ASCII) or not least <= int(digits) <= most:
            raise ValueError(f"Write a whole number from {least:,} to {most:,}")
        return int(digits)

    return take


def _sector(line: str) -> str:
    if line.lower() not in SECTORS:
        raise ValueError(f"Choose one of {', '.join(SECTORS)}")
    return line.lower()


def _colour(line: str) -> str:
    if not is_colour(line):
        raise ValueError("Write the colour as # and six digits or letters from a to f, as in #1d70b8")
    return line


def _another_area(found: Sequence[Area], line: str) -> str:
    """A name that no area has; empty where there is an area and no other."""
    if not line and not found:
        raise ValueError("The organisation needs at least one area: enter its name")
    if line:
        areas_of([*found, (line, "any", 1)])
    return line


def _another_name(found: Sequence[dict[str, Any]], line: str) -> str:
    """A person's name; empty where nobody is missing."""
    if line:
        return _text("", LONGEST_OF_A_PERSON)(line)
    guardians = [one for one in found if "guardian" in one["roles"]]
    if len(guardians) < LEAST_GUARDIANS:
        raise ValueError("At least two people must be guardians: enter a name")
    if all(one["stand_in"] for one in guardians):
        raise ValueError("At least one guardian must be no stand-in: enter a name")
    if not any("admin" in one["roles"] for one in found):
        raise ValueError("Somebody must be the admin, who goes on with set-up in the browser: enter a name")
    return line


def _another_address(found: Sequence[dict[str, Any]], line: str) -> str:
    email = normal_email(line)
    if problem := email_problem(email):
        raise ValueError(problem)
    for one in found:
        if one["email"] == email:
            raise ValueError(f"{one['name']} has the address {email}: enter another one")
    return email


def _roles(line: str) -> list[str]:
    roles = list(dict.fromkeys(filter(None, (role.strip().lower() for role in line.split(",")))))
    if problem := roles_problem(roles):
        raise ValueError(problem)
    return roles


def _yes_or_no(line: str) -> bool:
    if line.lower() not in {"y", "yes", "n", "no"}:
        raise ValueError("Answer y for yes or n for no")
    return line.lower().startswith("y")
