"""Founds the organisation: stores what everybody may know of it, with its divisions and areas."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from concerns.areas.model import Area, Division, Organisation
from concerns.areas.queries import organisation
from concerns.areas.rules import AreaFacts, OrganisationFacts, check_organisation


def found_organisation(
    main: Session,
    facts: OrganisationFacts,
    areas: Sequence[AreaFacts],
    *,
    launched_on: dt.date,
    rehearsal: bool,
) -> Organisation:
    """Store the one organisation of this instance. Raises AreaError before anything is stored."""
    check_organisation(facts)
    founded = Organisation(
        name=" ".join(facts.name.split()),
        sector=facts.sector,
        colour=facts.colour.lower(),
        flags_per_year=facts.flags_per_year,
        launched_on=launched_on,
        rehearsal=rehearsal,
        reading_days=[day.lower() for day in facts.reading_days],
        signposts=[dict(post) for post in facts.signposts],
        wording=dict(facts.wording),
        access=facts.access,
        read_instead=dict(facts.read_instead),
        staff_side=facts.staff_side,
    )
    main.add(founded)
    main.add_all(_divisions(areas))
    main.flush()
    return founded


def _divisions(areas: Sequence[AreaFacts]) -> list[Division]:
    divisions = {name: Division(name=name) for name in dict.fromkeys(area.division for area in areas)}
    for area in areas:
        divisions[area.division].areas.append(Area(code=area.code, name=area.name, staff=area.staff))
    return list(divisions.values())


def held(main: Session) -> Organisation:
    """The organisation's row, as it stands now; whoever else would change how far it is waits."""
    return main.get_one(Organisation, 1, with_for_update=True, populate_existing=True)


def settle(main: Session, part: str) -> None:
    """Note that the admin has saved this part of set-up; it stays noted."""
    stored = organisation(main)
    if part not in stored.settled:
        stored.settled = [*stored.settled, part]
