"""What the report door's pages say about the organisation, its guardians and its rules."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.areas.model import Area, Organisation
from concerns.areas.questions import Questions
from concerns.areas.rules import next_reading_day, standing
from concerns.charter import service as charter_service
from concerns.charter.service import Charter, CharterRefused, NotOpenYet
from concerns.flagging import rules
from concerns.learning import queries as learning_queries
from concerns.learning.queries import Public
from concerns.learning.standing import authority
from concerns.people.duties import reading_days
from concerns.people.duties.rules import Tally
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, Envelope, Thread
from concerns.store.house import House
from concerns.themes import queries as themes_queries


@dataclass(frozen=True)
class Signpost:
    """Somebody to ring."""

    name: str
    number: str
    hours: str
    danger: bool

    @property
    def dial(self) -> str | None:
        """What a telephone dials; None where the number is advice in words."""
        return rules.dial(self.number)


@dataclass(frozen=True)
class Door:
    """What a page needs to know; `charter` is None until all guardians have signed, and where it is `refused`."""

    organisation: Organisation
    areas: list[Area]
    charter: Charter | None
    #: the stored charter is not the one that the guardians signed: nothing may be sealed or opened
    refused: bool
    next_reading: dt.date | None
    #: what every code that was ever given to an area is called today, and which code it counts as
    names: Mapping[str, str] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)
    #: what the form asks, by the signed policy alone; the usual form where nothing can be sent
    questions: Questions = field(default_factory=Questions)

    @property
    def signposts(self) -> list[Signpost]:
        """Whom to ring, in the organisation's order."""
        return [
            Signpost(entry["name"], entry["number"], entry["hours"], bool(entry["danger"]))
            for entry in self.organisation.signposts
        ]

    @property
    def instead(self) -> Mapping[str, str]:
        """Who reads a concern about a guardian, the head, the chair or the admin, as far as that is said."""
        return {name: said for name, said in self.organisation.read_instead.items() if said}

    @property
    def danger_numbers(self) -> list[Signpost]:
        """Whom to ring when someone is in danger."""
        return [signpost for signpost in self.signposts if signpost.danger]

    @property
    def codes_only(self) -> bool:
        """Whether nothing is taken without a staff code."""
        return self.organisation.access == "codes"

    @property
    def guardians(self) -> list[str]:
        """Who reads, by name: from the signed manifest, never from the list of accounts."""
        return [] if self.charter is None else [guardian.name for guardian in self.charter.manifest.guardians]


def door(house: House) -> Door:
    """The facts behind every page of the door."""
    with house.stores.read_main() as main:
        organisation = areas_queries.organisation(main)
        charter, refused = _charter(main, house)
        found = areas_queries.area_facts(main)
        return Door(
            organisation=organisation,
            areas=areas_queries.areas(main),
            charter=charter,
            refused=refused,
            # from tomorrow on: what is sent today is collected tonight
            next_reading=next_reading_day(organisation.reading_days, house.today() + dt.timedelta(days=1)),
            names={code: area.name for area in found for code in area.codes},
            standing=standing(found),
            questions=charter.policy_on(house.today()).questions if charter else Questions(),
        )


def reading_days_kept(house: House) -> Tally:
    """How the guardians kept their reading days lately."""
    with house.stores.read_main() as main:
        return reading_days.tally(main, house.today())


def public(house: House) -> Public:
    """The answers in the order of the themes, and what may be learnt, as staff read them today."""
    with house.stores.read_released() as main:
        themes = themes_queries.current_set(main, house.today())
        return learning_queries.public(main, themes, authority(main, house.directory), house.today())


def weeks(house: House, thread_id: bytes) -> tuple[dt.date | None, dict[bytes, dt.date]]:
    """The week a thread was collected in, and that of each envelope; nothing yet for what waits to be collected."""
    with house.stores.read_main() as main:
        collected = main.scalar(select(Thread.week).where(Thread.id == thread_id))
        rows = main.execute(select(Envelope.id, Envelope.week).where(Envelope.thread_id == thread_id))
        return collected, {row.id: row.week for row in rows}


def photos(house: House, thread_id: bytes) -> int:
    """How many photos a thread holds, collected or not; their half megabytes stay where they are."""
    file = int(Kind.FILE)
    with house.stores.read_live() as live:
        waiting = set(live.scalars(select(Arrival.id).where(Arrival.thread_id == thread_id, Arrival.kind == file)))
    with house.stores.read_main() as main:
        there = set(main.scalars(select(Envelope.id).where(Envelope.thread_id == thread_id, Envelope.kind == file)))
    return len(waiting | there)


def _charter(main: Session, house: House) -> tuple[Charter | None, bool]:
    try:
        return charter_service.current(main, house.directory), False
    except NotOpenYet:
        return None, False
    except CharterRefused:
        return None, True
