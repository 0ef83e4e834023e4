"""Foresees the tables of a year and what an intruder could learn from all of them, from public facts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from concerns.areas.rules import LEAST_STAFF, AreaFacts
from concerns.disclosure.agenda import terms_in_words
from concerns.disclosure.budget import STAFF_FROM
from concerns.disclosure.display import LARGEST_SHARE, threshold
from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.grain import choose
from concerns.disclosure.law import half_width
from concerns.disclosure.nodes import Table
from concerns.disclosure.periods import Kind
from concerns.disclosure.places import Place, area_places, division_places
from concerns.disclosure.promise import Bound, bounds, lifted

#: suspicions of the page's table: one that the promise page names, and one that could not be stronger without knowing
SUSPICIONS = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 5), Fraction(1, 2))


@dataclass(frozen=True)
class Pooled:
    """What one number of a place will stand for: several areas, where one alone would be too small."""

    name: str
    staff: int
    areas: tuple[str, ...]

    @property
    def merged(self) -> bool:
        return self.areas != (self.name,)


@dataclass(frozen=True)
class KindAhead:
    """One kind of release as it would be by the estimate."""

    kind: Kind
    epsilon: Fraction
    grain: str
    numbers: int
    #: expected flags for each number, rounded down
    flags: int
    places: tuple[Pooled, ...]
    #: the fewest staff behind any number
    fewest: int
    #: the least number that is shown, and by how much the true one may differ nine times in ten
    least: int
    give: int

    @property
    def most_shown(self) -> int:
        """What is more than this behind its fewest staff would be too large a share of them."""
        return int(LARGEST_SHARE * self.fewest)


@dataclass(frozen=True)
class Foresight:
    """The whole page."""

    kinds: tuple[KindAhead, ...]
    estimate: int
    staff: int
    epsilon: Fraction
    bounds: Sequence[Bound]
    #: areas and divisions as they would be merged, whatever grain the estimate gives
    areas: tuple[Pooled, ...] | None
    divisions: tuple[Pooled, ...] | None
    smallest: int

    @property
    def too_few_staff(self) -> bool:
        return self.staff < STAFF_FROM

    @property
    def best_guess(self) -> float:
        """How often the best guess of an even suspicion is right, for one flag."""
        return lifted(Fraction(1, 2), self.epsilon)


def foresee(facts: PublicFacts, kinds: Mapping[str, Fraction]) -> Foresight:
    """What these kinds would tell in a year of as many flags as were estimated."""
    names = {area.code: area.name for area in facts.areas}
    smallest = max(LEAST_STAFF, facts.smallest_area)
    return Foresight(
        kinds=tuple(_ahead(facts, kind, kinds[kind], names) for kind in Kind if kind in kinds),
        estimate=facts.estimate,
        staff=sum(area.staff for area in facts.areas),
        epsilon=sum(kinds.values(), Fraction(0)),
        bounds=bounds(kinds, SUSPICIONS),
        areas=_pooled(area_places(facts.areas, smallest), names),
        divisions=_pooled(division_places(facts.areas, smallest), names),
        smallest=smallest,
    )


def _ahead(facts: PublicFacts, kind: Kind, epsilon: Fraction, names: Mapping[str, str]) -> KindAhead:
    table = choose(kind, epsilon, facts.estimate, facts.themes, facts.areas, facts.smallest_area)
    expected = Fraction(facts.estimate, 4 if kind is Kind.QUARTER else 1)
    return KindAhead(
        kind=kind,
        epsilon=epsilon,
        grain=terms_in_words(table),
        numbers=len(table.nodes),
        flags=int(expected / len(table.nodes)),
        places=_pooled(table.places, names) or (),
        fewest=_fewest(table),
        least=_least(epsilon, facts.floor),
        give=half_width(epsilon, 1),
    )


def _fewest(table: Table) -> int:
    return min((place.staff for place in table.places), default=table.staff)


def _least(epsilon: Fraction, floor: int) -> int:
    least = threshold(1, epsilon, floor)
    return int(least) + (least > int(least))


def _pooled(places: Sequence[Place] | None, names: Mapping[str, str]) -> tuple[Pooled, ...] | None:
    if places is None:
        return None
    return tuple(
        Pooled(place.name, place.staff, tuple(sorted(names[code] for code in place.codes if code in names)))
        for place in places
    )


def small(areas: Sequence[AreaFacts], smallest: int) -> list[AreaFacts]:
    """The areas that no number is ever given for alone."""
    return sorted((area for area in areas if area.staff < smallest), key=lambda area: (area.staff, area.name))
