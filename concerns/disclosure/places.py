"""The parts of the organisation that may stand in a table: small ones are merged until none is too small."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from concerns.areas.rules import NOT_SAID, AreaFacts


@dataclass(frozen=True)
class Place:
    """What one column of a table stands for: an area, a division, or several merged."""

    name: str
    #: None where it was merged across divisions
    division: str | None
    staff: int
    #: of the areas whose flags count here
    codes: tuple[str, ...]


def area_places(areas: Iterable[AreaFacts], smallest: int) -> tuple[Place, ...] | None:
    """Areas, the small ones merged inside their division, then across; None where fewer than two would be left."""
    by_division: dict[str, list[Place]] = {}
    for area in areas:
        by_division.setdefault(area.division, []).append(Place(area.name, area.division, area.staff, area.codes))
    merged = [
        place
        for division, own in sorted(by_division.items())
        for place in _merged(own, smallest, f"{division}: other areas")
    ]
    return _usable(_merged(merged, smallest, "Other areas"), smallest)


def division_places(areas: Iterable[AreaFacts], smallest: int) -> tuple[Place, ...] | None:
    """Divisions, the small ones merged; None where fewer than two would be left."""
    by_division: dict[str, list[AreaFacts]] = {}
    for area in areas:
        by_division.setdefault(area.division, []).append(area)
    whole = [
        Place(name, name, sum(area.staff for area in own), tuple(sorted(code for area in own for code in area.codes)))
        for name, own in sorted(by_division.items())
    ]
    return _usable(_merged(whole, smallest, "Other divisions"), smallest)


def _merged(places: Sequence[Place], smallest: int, name: str) -> list[Place]:
    """Pool the places below the least size; while the pool itself is below it, it takes in the smallest other one."""
    large = sorted((place for place in places if place.staff >= smallest), key=lambda place: (-place.staff, place.name))
    pool = [place for place in places if place.staff < smallest]
    if not pool:
        return list(places)
    # an area that is called like the pool is in it: two places of one name could not be told apart
    pool += [place for place in large if place.name == name]
    large = [place for place in large if place.name != name]
    while large and sum(place.staff for place in pool) < smallest:
        pool.append(large.pop())
    return [*sorted(large, key=lambda place: place.name), _pooled(pool, name)]


def _pooled(pool: Sequence[Place], name: str) -> Place:
    divisions = {place.division for place in pool}
    return Place(
        name,
        divisions.pop() if len(divisions) == 1 else None,
        sum(place.staff for place in pool),
        tuple(sorted(code for place in pool for code in place.codes)),
    )


def _usable(places: Sequence[Place], smallest: int) -> tuple[Place, ...] | None:
    distinct = len({NOT_SAID, *(place.name for place in places)}) == len(places) + 1
    if len(places) < 2 or not distinct or any(place.staff < smallest for place in places):
        return None
    return tuple(places)
