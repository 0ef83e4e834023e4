"""Gathers what a close may depend on: public facts of the organisation, and totals already released."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from concerns.areas import queries as areas
from concerns.areas.rules import AreaFacts
from concerns.charter.policy import Policy
from concerns.disclosure.nodes import ThemePart
from concerns.themes import queries as themes


@dataclass(frozen=True)
class PublicFacts:
    """What everybody may know. No field depends on a flag."""

    organisation: str
    site_id: bytes
    launched_on: dt.date
    #: flags a year, as the admin guessed before there was one
    estimate: int
    areas: Sequence[AreaFacts]
    theme_set: int
    themes: Sequence[ThemePart]
    kinds: Mapping[str, Fraction]
    floor: int
    smallest_area: int
    cutoff_days: int


def public_facts(main: Session, policy: Policy, year: int) -> PublicFacts:
    """The facts for closing a period of this year; the theme set is the one in force on its first day."""
    organisation = areas.organisation(main)
    version = themes.version_on(main, dt.date(year, 1, 1))
    return PublicFacts(
        organisation=organisation.name,
        site_id=organisation.site_id,
        launched_on=organisation.launched_on,
        estimate=organisation.flags_per_year,
        areas=areas.area_facts(main),
        theme_set=version,
        themes=[ThemePart(theme.code, theme.name, theme.group) for theme in themes.set_of(main, version)],
        kinds=policy.kinds,
        floor=policy.floor,
        smallest_area=policy.smallest_area,
        cutoff_days=policy.cutoff_days,
    )
