"""Gathers what a close may depend on: public facts of the organisation, and totals already released."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy.orm import Session

from concerns.areas import queries as areas
from concerns.areas.rules import AreaFacts
from concerns.charter.policy import CLOCKS, Policy
from concerns.charter.versions import YearRules
from concerns.disclosure.nodes import ThemePart
from concerns.disclosure.periods import Period
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
    #: within how many days after its week a flag is to be answered first
    days_to_answer: int
    #: the policy of each year's first day, from the years on in which it changed; empty where it never did
    years: Sequence[tuple[int, Policy]] = ()
    #: by kind: what was told before this day was told under stricter rules, and is left out
    collected_from: Mapping[str, dt.date] = field(default_factory=dict)

    def kinds_in(self, year: int) -> Mapping[str, Fraction]:
        """The kinds declared for a year: they change on a first of January only."""
        return next((policy.kinds for since, policy in reversed(self.years) if since <= year), self.kinds)

    def cut_off(self, period: Period) -> dt.date:
        """The calendar date of a period, by the rules of its own year."""
        days = (policy.cutoff_days for since, policy in reversed(self.years) if since <= period.year)
        return period.cut_off(next(days, self.cutoff_days))

    def declared_from(self, period: Period) -> Period | None:
        """This period, or where its kind is not declared for it the first one for which it is again."""
        if period.kind in self.kinds_in(period.year):
            return period
        later = [since for since, policy in self.years if since > period.year and period.kind in policy.kinds]
        return Period.of(period.kind, dt.date(min(later), 1, 1)) if later else None


def public_facts(main: Session, rules: YearRules, year: int) -> PublicFacts:
    """The facts for closing a period of this year, by its rules; the theme set is the one in force on its first day."""
    policy = rules.policy
    organisation = areas.organisation(main)
    version = themes.version_on(main, dt.date(year, 1, 1))
    return PublicFacts(
        organisation=organisation.name,
        site_id=organisation.site_id,
        launched_on=organisation.launched_on,
        estimate=organisation.flags_per_year,
        areas=areas.area_facts(main),
        theme_set=version,
        themes=_parts(main, version),
        kinds=policy.kinds,
        floor=policy.floor,
        smallest_area=policy.smallest_area,
        cutoff_days=policy.cutoff_days,
        days_to_answer=policy.clocks.get("acknowledge_days", CLOCKS["acknowledge_days"]),
        years=rules.years,
        collected_from=rules.collected_from,
    )


def _parts(main: Session, version: int) -> list[ThemePart]:
    lineages, later = themes.lineages_of(main, version), themes.later_of(main, version)
    return [
        ThemePart(
            theme.code,
            theme.name,
            theme.group,
            tuple(sorted(lineages[theme.code].whole)),
            tuple(sorted(lineages[theme.code].partly)),
            tuple(sorted(code for code, own in later.items() if own == theme.code)),
        )
        for theme in themes.set_of(main, version)
    ]
