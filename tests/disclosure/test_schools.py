"""Schools of one trust are divisions of one organisation: what is told in them is pooled before the noise is drawn."""

import pytest

from concerns.areas.rules import AreaFacts
from concerns.disclosure.grain import choose
from concerns.disclosure.nodes import Grain, Table
from concerns.disclosure.periods import Kind
from tests.disclosure.gate import HALF, themes

THEMES = themes(14)
#: three secondary schools, five primary schools and two village schools of twelve and nine
SIZES = {"Ash": 140, "Beech": 95, "Cedar": 120, "Elm": 45, "Fir": 38, "Hazel": 41, "Lime": 30, "Maple": 26}
VILLAGE = {"Oak": 12, "Pine": 9}
TRUST = [
    AreaFacts(f"{name}-{part}".lower(), f"{name}: {part}", f"{name} School", staff)
    for name, size in (SIZES | VILLAGE).items()
    for part, staff in (("teaching", size - size // 3), ("support", size // 3))
]


def table(per_year: int, kind: Kind = Kind.YEAR) -> Table:
    return choose(kind, HALF, per_year, THEMES, TRUST, 20)


def test_a_trust_is_measured_as_one_long_before_a_school_could_be() -> None:
    """The largest school alone would have no table by theme at its own share of the flags."""
    pooled = table(160)
    assert pooled.grain is Grain.THEMES and not pooled.places
    ash = [area for area in TRUST if area.division == "Ash School"]
    share = 160 * 140 // sum(area.staff for area in TRUST)
    alone = choose(Kind.YEAR, HALF, share, THEMES, ash, 20)
    assert alone.grain is Grain.WHOLE


@pytest.mark.parametrize("per_year", [1_300, 20_000])
def test_village_schools_stand_together_in_every_table_by_school(per_year: int) -> None:
    found = table(per_year)
    assert found.grain in (Grain.THEMES_BY_DIVISION, Grain.THEMES_BY_AREA)
    by_code = {code: place for place in found.places for code in place.codes}
    assert set(by_code) == {area.code for area in TRUST}
    assert all(place.staff >= 20 for place in found.places)
    oak, pine = by_code["oak-teaching"], by_code["pine-teaching"]
    assert oak == pine and "Oak" not in oak.name and "Pine" not in oak.name


def test_with_only_a_few_small_schools_none_is_told_apart() -> None:
    villages = [area for area in TRUST if area.division in ("Oak School", "Pine School")]
    found = choose(Kind.YEAR, HALF, 10_000, THEMES, villages, 20)
    assert found.grain is Grain.THEMES and not found.places
