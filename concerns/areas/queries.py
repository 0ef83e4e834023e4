"""Looks up the organisation, its areas and their head-counts."""

from collections.abc import Mapping

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
    """The areas that stand, by division and name, each with its division loaded: one query."""
    return [area for area in every_area(main) if area.merged_into is None]


def every_area(main: Session) -> list[Area]:
    """The same with those that became a part of another one."""
    by_name = select(Area).join(Area.division).options(joinedload(Area.division))
    return list(main.scalars(by_name.order_by(Division.name, Area.name)))


def area_facts(main: Session) -> list[AreaFacts]:
    """The areas that stand as plain facts, for pure rules; each knows which others became a part of it."""
    every = every_area(main)
    into = {area.code: area.merged_into for area in every if area.merged_into is not None}
    merged: dict[str, list[tuple[str, str]]] = {}
    for area in sorted(every, key=lambda one: one.code):
        if area.code in into:
            merged.setdefault(end_of(area.code, into), []).append((area.code, area.name))
    return [
        AreaFacts(area.code, area.name, area.division.name, area.staff, tuple(merged.get(area.code, ())))
        for area in every
        if area.merged_into is None
    ]


def head_counts(main: Session) -> dict[str, int]:
    """How many people work in each area, by area code."""
    return {area.code: area.staff for area in areas(main)}


def end_of(code: str, into: Mapping[str, str]) -> str:
    """Where a chain of merges ends."""
    while code in into:
        code = into[code]
    return code
