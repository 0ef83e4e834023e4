"""Looks up the organisation, its areas and their head-counts."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from concerns.areas.model import Area, Division, Organisation
from concerns.areas.rules import AreaFacts


class NoOrganisation(LookupError):
    """Set-up has not stored the organisation yet."""


def organisation(main: Session) -> Organisation:
    """The one organisation of this instance. Raises NoOrganisation before set-up."""
    found = main.get(Organisation, 1)
    if found is None:
        raise NoOrganisation("This instance has not been set up yet.")
    return found


def areas(main: Session) -> list[Area]:
    """All areas by division and name, each with its division loaded: one query."""
    by_name = select(Area).join(Area.division).options(joinedload(Area.division))
    return list(main.scalars(by_name.order_by(Division.name, Area.name)))


def area_facts(main: Session) -> list[AreaFacts]:
    """The same as plain facts, for pure rules."""
    return [AreaFacts(area.code, area.name, area.division.name, area.staff) for area in areas(main)]


def head_counts(main: Session) -> dict[str, int]:
    """How many people work in each area, by area code."""
    return {area.code: area.staff for area in areas(main)}
