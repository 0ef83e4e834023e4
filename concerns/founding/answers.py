"""Reads the answers of set-up from TOML; every fault gets a line of its own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concerns.areas.rules import (
    ABOUT,
    MOST_FLAGS,
    MOST_STAFF,
    AreaError,
    AreaFacts,
    OrganisationFacts,
    areas_of,
    check_organisation,
)
from concerns.founding.fields import Fields, short
from concerns.pages.theme import DEFAULT_COLOUR, is_colour
from concerns.people.parts import INSTEAD
from concerns.people.rules import email_problem, normal_email, passphrase_problem, roles_problem, stand_in_problem
from concerns.people.second_factor import is_totp_secret
from concerns.themes.packs import SECTORS, Pack, load_pack
from concerns.themes.rules import PackError, ThemeFacts, parse_themes

DEFAULT_READING_DAYS = ("monday", "thursday")
LEAST_GUARDIANS = 2
LONGEST_NAME = 120
TOTP_PROBLEM = "The totp_secret must be at least 26 letters and digits of base 32"


class AnswersRefused(ValueError):
    """The answers cannot be used; the message holds one line for each fault."""


@dataclass(frozen=True)
class PersonAnswer:
    """One person as the answers name her. Without a passphrase one is made; likewise a TOTP secret."""

    name: str
    email: str
    roles: tuple[str, ...]
    passphrase: str | None = None
    totp_secret: str | None = None
    stand_in: bool = False

    def __repr__(self) -> str:
        return f"PersonAnswer({self.email})"  # secrets must not reach a traceback


@dataclass(frozen=True)
class Answers:
    """Everything that set-up asks, checked."""

    organisation: OrganisationFacts
    areas: tuple[AreaFacts, ...]
    themes: tuple[ThemeFacts, ...]
    people: tuple[PersonAnswer, ...]
    pack: Pack
    #: whether a year’s table of how flags were handled is declared too
    handling: bool = False

    @property
    def guardians(self) -> tuple[PersonAnswer, ...]:
        return tuple(person for person in self.people if "guardian" in person.roles)


def read_answers(path: Path) -> Answers:
    """The answers in a file. Raises AnswersRefused."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise AnswersRefused(f"{path} cannot be read: {error.strerror}.") from error
    except RecursionError as error:
        raise AnswersRefused(f"{path} is nested too deep.") from error
    except ValueError as error:  # not TOML, not UTF-8, or a number too long to be one
        raise AnswersRefused(f"{path} is not TOML: {error}.") from error
    return answers_of(document, path.parent)


def answers_of(document: Mapping[str, Any], folder: Path) -> Answers:
    """The answers in a parsed document; `themes` is looked for beside it. Raises AnswersRefused."""
    faults: list[str] = []
    organisation = _table(document, "organisation", faults)
    sector = organisation.text("sector")
    if sector not in SECTORS:
        organisation.say(f"sector: “{short(sector)}” is not one of {', '.join(SECTORS)}")
        raise AnswersRefused("\n".join(faults))
    pack = load_pack(sector)
    facts = _organisation(organisation, pack, _instead(document, faults))
    handling = organisation.yes_or_no("handling")
    themes = _themes(organisation, pack, folder)
    areas = _areas(_rows(document, "areas", faults), faults)
    people = _people(_rows(document, "people", faults), faults)
    unknown = sorted(set(document) - {"organisation", "areas", "people", "read_instead"})
    faults += [f"[{short(key)}] is not something that set-up asks." for key in unknown]
    if faults:
        raise AnswersRefused("\n".join(faults))
    return Answers(facts, areas, themes, people, pack, handling)


def _instead(document: Mapping[str, Any], faults: list[str]) -> dict[str, str]:
    """Who reads instead: all four texts, or no table at all, which a rehearsal may do without."""
    if "read_instead" not in document:
        return {}
    before = len(faults)
    table = _table(document, "read_instead", faults)
    if len(faults) > before:
        return {}
    table.only(*ABOUT)
    return {about: table.said(about, f"say who reads a concern about {INSTEAD[about]}") for about in ABOUT}


def _organisation(table: Fields, pack: Pack, read_instead: dict[str, str]) -> OrganisationFacts:
    table.only(
        "name", "sector", "colour", "flags_per_year", "reading_days", "themes", "access", "handling", "staff_side"
    )
    colour = table.text("colour", DEFAULT_COLOUR)
    if not is_colour(colour):
        table.say(f"colour: “{short(colour)}” is not of the form #1a2b3c")
        colour = DEFAULT_COLOUR
    facts = OrganisationFacts(
        name=table.text("name"),
        sector=pack.sector,
        colour=colour,
        flags_per_year=table.whole("flags_per_year", 1, MOST_FLAGS),
        reading_days=table.texts("reading_days", DEFAULT_READING_DAYS),
        signposts=tuple(
            {"name": post.name, "number": post.number, "hours": post.hours, "danger": post.danger}
            for post in pack.signposts
        ),
        wording=dict(pack.wording),
        access=table.text("access", "open"),
        read_instead=read_instead,
        staff_side=table.text("staff_side"),
    )
    try:
        check_organisation(facts)
    except AreaError as error:
        if facts.name or not table.table.get("name"):  # a name that could not be taken is told already
            table.faults.append(f"{table.where} {error}")
    return facts


def _areas(rows: list[Fields], faults: list[str]) -> tuple[AreaFacts, ...]:
    before = len(faults)
    found = []
    for row in rows:
        row.only("name", "division", "staff")
        found.append((row.text("name"), row.text("division"), row.whole("staff", 0, MOST_STAFF)))
    if len(faults) > before or not rows:
        return ()
    try:
        return areas_of(found)
    except AreaError as error:
        faults.append(f"[[areas]] {error}")
        return ()


def _themes(table: Fields, pack: Pack, folder: Path) -> tuple[ThemeFacts, ...]:
    if "themes" not in table.table:
        return pack.themes
    name = table.text("themes")
    if not name:
        if table.table["themes"] == "":
            table.say("themes: give the name of a file")
        return ()
    path = folder / name
    try:
        return parse_themes(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        table.say(f"themes: {path} cannot be read: {error.strerror}")
    except PackError as error:
        table.say(f"themes: {str(error).rstrip('.')}")
    except UnicodeDecodeError:
        table.say(f"themes: {path} is not text in UTF-8")
    return ()


def _people(rows: list[Fields], faults: list[str]) -> tuple[PersonAnswer, ...]:
    people = [_person(row) for row in rows]
    emails = [person.email for person in people if person.email]
    faults += [
        f"[[people]] {email} stands there twice." for email in sorted({e for e in emails if emails.count(e) > 1})
    ]
    if sum("guardian" in person.roles for person in people) < LEAST_GUARDIANS:
        faults.append("[[people]] At least two people must be guardians.")
    elif all(person.stand_in for person in people if "guardian" in person.roles):
        faults.append("[[people]] At least one guardian must be no stand-in.")
    return tuple(people)


def _person(row: Fields) -> PersonAnswer:
    row.only("name", "email", "roles", "passphrase", "totp_secret", "stand_in")
    before = len(row.faults)
    totp_secret = row.secret("totp_secret")
    person = PersonAnswer(
        row.text("name").strip(),
        normal_email(row.text("email")),
        row.texts("roles"),
        row.secret("passphrase"),
        None if totp_secret is None else totp_secret.replace(" ", "").upper(),
        row.yes_or_no("stand_in"),
    )
    if len(row.faults) > before:  # a field that could not be taken would be told twice
        return person
    problems = [
        None if person.name else "Enter a name",
        f"The name must be {LONGEST_NAME} characters or fewer" if len(person.name) > LONGEST_NAME else None,
        email_problem(person.email),
        roles_problem([short(role) for role in person.roles]),
        stand_in_problem(person.roles, stand_in=person.stand_in),
        None if person.passphrase is None else passphrase_problem(person.passphrase),
        None if person.totp_secret is None or is_totp_secret(person.totp_secret) else TOTP_PROBLEM,
    ]
    row.faults.extend(f"{row.where} {problem}." for problem in problems if problem)
    return person


def _table(document: Mapping[str, Any], key: str, faults: list[str]) -> Fields:
    value = document.get(key)
    if not isinstance(value, dict):
        faults.append(f"[{key}] must be a table." if key in document else f"[{key}] is missing.")
    return Fields(value if isinstance(value, dict) else {}, f"[{key}]", faults)


def _rows(document: Mapping[str, Any], key: str, faults: list[str]) -> list[Fields]:
    value = document.get(key)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return [Fields(row, f"[[{key}]] {number}:", faults) for number, row in enumerate(value, 1)]
    faults.append(f"[[{key}]] must be one table or more." if value else f"[[{key}]] is missing.")
    return []
