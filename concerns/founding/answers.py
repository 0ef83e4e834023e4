"""Reads the answers of set-up from TOML; every fault gets a line of its own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concerns.areas.rules import AreaError, AreaFacts, OrganisationFacts, areas_of, check_organisation
from concerns.pages.theme import DEFAULT_COLOUR, is_colour
from concerns.people.rules import email_problem, normal_email, passphrase_problem, roles_problem
from concerns.people.second_factor import is_totp_secret
from concerns.themes.packs import SECTORS, Pack, load_pack
from concerns.themes.rules import PackError, ThemeFacts, parse_themes

DEFAULT_READING_DAYS = ("monday", "thursday")
LEAST_GUARDIANS = 2
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

    @property
    def guardians(self) -> tuple[PersonAnswer, ...]:
        return tuple(person for person in self.people if "guardian" in person.roles)


def read_answers(path: Path) -> Answers:
    """The answers in a file. Raises AnswersRefused."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnswersRefused(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AnswersRefused(f"{path} is not TOML: {error}.") from error
    return answers_of(document, path.parent)


def answers_of(document: Mapping[str, Any], folder: Path) -> Answers:
    """The answers in a parsed document; `themes` is looked for beside it. Raises AnswersRefused."""
    faults: list[str] = []
    organisation = _table(document, "organisation", faults)
    sector = str(organisation.get("sector", ""))
    if sector not in SECTORS:
        faults.append(f"[organisation] sector: “{sector}” is not one of {', '.join(SECTORS)}.")
        raise AnswersRefused("\n".join(faults))
    pack = load_pack(sector)
    facts = _organisation(organisation, pack, faults)
    areas = _areas(_rows(document, "areas", faults), faults)
    themes = _themes(organisation, pack, folder, faults)
    people = _people(_rows(document, "people", faults), faults)
    unknown = sorted(set(document) - {"organisation", "areas", "people"})
    faults += [f"[{key}] is not something that set-up asks." for key in unknown]
    if faults:
        raise AnswersRefused("\n".join(faults))
    return Answers(facts, areas, themes, people, pack)


def _organisation(table: Mapping[str, Any], pack: Pack, faults: list[str]) -> OrganisationFacts:
    colour = str(table.get("colour", DEFAULT_COLOUR))
    if not is_colour(colour):
        faults.append(f"[organisation] colour: “{colour}” is not of the form #1a2b3c.")
        colour = DEFAULT_COLOUR
    estimate = table.get("flags_per_year")
    if not isinstance(estimate, int) or isinstance(estimate, bool) or estimate < 1:
        faults.append("[organisation] flags_per_year: give a whole number of 1 or more, your own estimate.")
        estimate = 1
    facts = OrganisationFacts(
        name=str(table.get("name", "")),
        sector=pack.sector,
        colour=colour,
        flags_per_year=estimate,
        reading_days=tuple(str(day) for day in table.get("reading_days", DEFAULT_READING_DAYS)),
        signposts=tuple(
            {"name": post.name, "number": post.number, "hours": post.hours, "danger": post.danger}
            for post in pack.signposts
        ),
        wording=dict(pack.wording),
    )
    try:
        check_organisation(facts)
    except AreaError as error:
        faults.append(f"[organisation] {error}")
    return facts


def _areas(rows: list[Mapping[str, Any]], faults: list[str]) -> tuple[AreaFacts, ...]:
    wrong = [
        f"[[areas]] {number}: “staff” must be a whole number."
        for number, row in enumerate(rows, 1)
        if not isinstance(row.get("staff"), int) or isinstance(row.get("staff"), bool)
    ]
    if wrong:
        faults += wrong
        return ()
    try:
        return areas_of([(str(row.get("name", "")), str(row.get("division", "")), row["staff"]) for row in rows])
    except AreaError as error:
        faults.append(f"[[areas]] {error}")
        return ()


def _themes(table: Mapping[str, Any], pack: Pack, folder: Path, faults: list[str]) -> tuple[ThemeFacts, ...]:
    if "themes" not in table:
        return pack.themes
    path = folder / str(table["themes"])
    try:
        return parse_themes(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"[organisation] themes: {path} cannot be read: {error.strerror}.")
    except (PackError, UnicodeDecodeError) as error:
        faults.append(f"[organisation] themes: {error}")
    return ()


def _people(rows: list[Mapping[str, Any]], faults: list[str]) -> tuple[PersonAnswer, ...]:
    people = []
    for number, row in enumerate(rows, 1):
        roles = tuple(str(role) for role in row.get("roles", ()))
        person = PersonAnswer(
            str(row.get("name", "")).strip(),
            normal_email(str(row.get("email", ""))),
            roles,
            None if row.get("passphrase") is None else str(row["passphrase"]),
            None if row.get("totp_secret") is None else str(row["totp_secret"]).replace(" ", "").upper(),
        )
        problems = [
            None if person.name else "Enter a name",
            email_problem(person.email),
            roles_problem(roles),
            person.passphrase and passphrase_problem(person.passphrase),
            None if person.totp_secret is None or is_totp_secret(person.totp_secret) else TOTP_PROBLEM,
        ]
        faults += [f"[[people]] {number}: {problem}." for problem in problems if problem]
        people.append(person)
    emails = [person.email for person in people]
    faults += [
        f"[[people]] {email} stands there twice." for email in sorted({e for e in emails if emails.count(e) > 1})
    ]
    if sum("guardian" in person.roles for person in people) < LEAST_GUARDIANS:
        faults.append("[[people]] At least two people must be guardians.")
    return tuple(people)


def _table(document: Mapping[str, Any], key: str, faults: list[str]) -> Mapping[str, Any]:
    value = document.get(key)
    if isinstance(value, dict):
        return value
    faults.append(f"[{key}] is missing.")
    return {}


def _rows(document: Mapping[str, Any], key: str, faults: list[str]) -> list[Mapping[str, Any]]:
    value = document.get(key)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return value
    faults.append(f"[[{key}]] is missing.")
    return []
