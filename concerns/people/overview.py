"""Gathers what the admin's page shows: organisation, areas, themes, people, and what is missing."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.areas.model import Organisation
from concerns.areas.rules import LEAST_STAFF, AreaFacts, days_in_words, total_staff, warnings
from concerns.charter import service as charter
from concerns.charter.policy import Policy
from concerns.people import guardianship
from concerns.people.guardianship import KeysState
from concerns.people.model import Invitation, Person, Recovery
from concerns.people.rules import ROLE_NAMES
from concerns.people.sessions import utc
from concerns.store.house import House
from concerns.themes import queries as themes_queries
from concerns.themes.rules import ThemeFacts


@dataclass(frozen=True)
class PersonFacts:
    """One account as the admin sees it."""

    id: str
    name: str
    email: str
    roles: str
    ready: bool
    #: two of her recovery shares and a link would give her new keys
    recoverable: bool
    #: the last day on which her one-time link works; None without one
    invited_until: dt.date | None


@dataclass(frozen=True)
class Overview:
    """The whole of the admin's page."""

    organisation: Organisation
    reading_days: str
    areas: tuple[AreaFacts, ...]
    staff: int
    warnings: tuple[str, ...]
    themes: tuple[ThemeFacts, ...]
    people: tuple[PersonFacts, ...]
    policy: Policy | None
    open: bool
    missing: tuple[str, ...]


def overview(main: Session, live: Session, house: House) -> Overview:
    organisation = areas_queries.organisation(main)
    areas = areas_queries.area_facts(main)
    themes = themes_queries.current_set(main, house.today())
    keys = guardianship.state(main, house.directory, b"")
    people = _people(main, live, house.clock())
    policy = keys.policy or _policy(main, house)
    smallest = policy.smallest_area if policy else LEAST_STAFF
    return Overview(
        organisation=organisation,
        reading_days=days_in_words(organisation.reading_days),
        areas=tuple(areas),
        staff=total_staff(areas),
        warnings=tuple(warnings(areas, smallest)),
        themes=tuple(themes),
        people=tuple(people),
        policy=policy,
        open=keys.open,
        missing=tuple(_missing(organisation, people, keys)),
    )


def _people(main: Session, live: Session, now: dt.datetime) -> list[PersonFacts]:
    links = {row.person_id: row.expires_at for row in live.scalars(select(Invitation))}
    shares = set(main.scalars(select(Recovery.person_id)))
    found = []
    for person in main.scalars(select(Person).order_by(Person.name)):
        until = links.get(person.id)
        found.append(
            PersonFacts(
                id=person.id.hex(),
                name=person.name,
                email=person.email,
                roles=", ".join(ROLE_NAMES[role] for role in ROLE_NAMES if role in person.roles),
                ready=person.salt is not None,
                recoverable=person.id in shares,
                invited_until=until.date() if until and utc(until) > now else None,
            )
        )
    return found


def _missing(organisation: Organisation, people: list[PersonFacts], keys: KeysState) -> list[str]:
    """What stands between this instance and its opening, one sentence each."""
    found = [f"{person.name} has not set up yet." for person in people if not person.ready]
    if len(keys.guardians) < guardianship.FEWEST:
        found.append("There must be at least two guardians.")
    if keys.manifest is not None:
        found += [f"{name} has not signed the guardians’ keys and the policy yet." for name in keys.missing_signatures]
    if keys.refused:
        found.append(f"The guardians’ charter is refused: {keys.refused}.")
    if not any(post.get("danger") for post in organisation.signposts):
        found.append("There is no number to ring in danger.")
    if not organisation.reading_days:
        found.append("There are no reading days.")
    return found


def _policy(main: Session, house: House) -> Policy | None:
    try:
        return charter.current(main, house.directory).policy
    except (charter.NotOpenYet, charter.CharterRefused):
        return None
