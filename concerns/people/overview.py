"""Gathers what the admin's page shows: organisation, areas, themes, people, and what is missing."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.areas.model import Organisation
from concerns.areas.ringing import to_try
from concerns.areas.rules import LEAST_STAFF, AreaFacts, days_in_words, total_staff, warnings
from concerns.audit.model import AuditRow
from concerns.charter import service as charter
from concerns.charter.policy import Policy
from concerns.people import guardianship, parts
from concerns.people.guardianship import KeysState
from concerns.people.leaving import shutting
from concerns.people.model import Invitation, PeerTerm, Person, Recovery
from concerns.people.road import Advice, advice
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
    #: the last day on which a peer may look; None for everybody else
    looks_until: dt.date | None = None
    #: an admin said on this day that she leaves
    leaving_since: dt.date | None = None
    #: her account opens by no way since this day
    shut_on: dt.date | None = None


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
    tasks: tuple[parts.Task, ...]
    #: what stands between set-up and a pilot, one sentence each
    blocking: tuple[str, ...]
    #: what is not as it should be, and stops nothing
    advice: tuple[Advice, ...]
    #: set-up may be taken up again: not every guardian has signed
    unsigned: bool
    #: how often the pilot was filled with invented concerns
    fills: int
    #: how many numbers to ring nobody tried in the last six months
    untried: int

    @property
    def stage(self) -> str:
        return self.organisation.stage

    @property
    def unlinked(self) -> bool:
        """Whether somebody has neither set up nor a link that works."""
        return any(not person.ready and not person.invited_until for person in self.people)

    @property
    def late(self) -> tuple[str, ...]:
        """What is not finished, and blocks nothing."""
        return tuple(sentence for sentence in self.missing if sentence not in self.blocking)

    @property
    def may_fill(self) -> bool:
        return self.stage == "pilot" and self.open and self.fills < parts.MOST_FILLS


def known(main: Session) -> parts.Known:
    """What the task list and the way to a pilot are worked out from."""
    organisation, guardians = areas_queries.organisation(main), guardianship.guardians_in(main)
    return parts.Known(
        # who was named at the terminal is named
        settled={*organisation.settled, *(["people"] if guardians else [])},
        signposts=organisation.signposts,
        reading_days=organisation.reading_days,
        read_instead=organisation.read_instead,
        areas=len(areas_queries.area_facts(main)),
        stand_ins=[person.stand_in for person in guardians],
    )


def fills(main: Session) -> int:
    """How often this pilot was filled: what the log says since set-up ended for the last time."""
    begun = select(func.max(AuditRow.n)).where(AuditRow.verb == "begun").scalar_subquery()
    filled = select(func.count()).select_from(AuditRow).where(AuditRow.verb == "filled")
    return main.scalar(filled.where(AuditRow.n > func.coalesce(begun, 0))) or 0


def overview(main: Session, live: Session, house: House) -> Overview:
    organisation = areas_queries.organisation(main)
    areas = areas_queries.area_facts(main)
    themes = themes_queries.current_set(main, house.today())
    keys = guardianship.state(main, house.directory, b"")
    people = _people(main, live, house.clock())
    policy = _policy(main, house) or keys.policy
    smallest = policy.smallest_area if policy else LEAST_STAFF
    facts = known(main)
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
        tasks=parts.tasks(facts, running=organisation.stage != "setting-up"),
        blocking=parts.blocking(facts),
        advice=advice(main, house, organisation),
        unsigned=not keys.open and not keys.refused and not organisation.rehearsal,
        fills=fills(main),
        untried=len(to_try(organisation.signposts, house.today())),
    )


def _people(main: Session, live: Session, now: dt.datetime) -> list[PersonFacts]:
    links = {row.person_id: row.expires_at for row in live.scalars(select(Invitation))}
    shares = set(main.scalars(select(Recovery.person_id)))
    terms = {row.person_id: row.last for row in main.scalars(select(PeerTerm))}
    found = []
    for person in main.scalars(select(Person).order_by(Person.name)):
        until = links.get(person.id)
        found.append(
            PersonFacts(
                id=person.id.hex(),
                name=person.name,
                email=shutting.address(person),
                roles=", ".join(ROLE_NAMES[role] for role in ROLE_NAMES if role in person.roles)
                + (", stand-in" if person.stand_in else ""),
                ready=person.salt is not None or person.outside is not None or person.shut_on is not None,
                recoverable=person.id in shares,
                invited_until=until.date() if until and utc(until) > now else None,
                looks_until=terms.get(person.id) if "peer" in person.roles else None,
                leaving_since=person.leaving_since,
                shut_on=person.shut_on,
            )
        )
    return found


def _missing(organisation: Organisation, people: list[PersonFacts], keys: KeysState) -> list[str]:
    """What stands between this instance and its opening, one sentence each."""
    found = [f"{person.name} has not set up yet." for person in people if not person.ready]
    if len(keys.guardians) < guardianship.FEWEST:
        found.append("There must be at least two guardians.")
    elif all(guardian.stand_in for guardian in keys.guardians):
        found.append("At least one guardian must be no stand-in.")
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
        return charter.current(main, house.directory).policy_on(house.today())
    except (charter.NotOpenYet, charter.CharterRefused):
        return None
