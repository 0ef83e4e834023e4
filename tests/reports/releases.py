"""Frozen releases made up for the report's tests: the stored values are what a test says they are."""

import json
from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy.orm import Session

from concerns.areas.rules import AreaFacts
from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.history import Terms
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.model import Release
from concerns.disclosure.nodes import Grain, Node, Table, ThemePart
from concerns.disclosure.periods import Period
from concerns.disclosure.places import area_places, division_places

THEMES = (
    ThemePart("N01", "Staffing and workload", "Work"),
    ThemePart("N02", "Equipment", "Places"),
    ThemePart("N03", "Bullying", "Work"),
)
AREAS = (
    AreaFacts("ward-1", "Ward 1", "Medicine", 400),
    AreaFacts("ward-2", "Ward 2", "Medicine", 12),
    AreaFacts("ward-3", "Ward 3", "Medicine", 15),
    AreaFacts("theatres", "Theatres", "Surgery", 600),
)
Q1 = Period(2026, 1)


def body(
    values: Mapping[Node, int],
    *,
    grain: Grain = Grain.THEMES,
    period: Period = Q1,
    epsilon: Fraction = Fraction(1, 2),
    staff: int = 1027,
) -> bytes:
    """The frozen bytes of a release in which every other node measured 0."""
    places = {Grain.THEMES_BY_AREA: area_places(AREAS, 20), Grain.THEMES_BY_DIVISION: division_places(AREAS, 20)}
    table = Table(grain, THEMES, places.get(grain) or (), staff)
    day = period.cut_off(21)
    terms = Terms("Wendle Vale Trust", epsilon, 1, table, 10, day, day)
    assert set(values) <= set(table.nodes)
    return freeze(period, terms, [values.get(node, 0) for node in table.nodes])


def by_theme(period: Period = Q1, staff: int = 1027, **values: int) -> bytes:
    return body({Node(theme=code): value for code, value in values.items()}, period=period, staff=staff)


def stored(period: Period = Q1, staff: int = 1027, **values: int) -> Stored:
    return Stored.read(by_theme(period, staff, **values))


def stored_of(values: Mapping[str, int], staff: int = 1027) -> Stored:
    """The same from a mapping of theme codes."""
    return Stored.read(body({Node(theme=code): value for code, value in values.items()}, staff=staff))


def put(main: Session, ledger: Ledger, *bodies: bytes) -> None:
    """Put releases where the pages read them, each with its line of the ledger."""
    for one in bodies:
        value = json.loads(one)
        line = ledger.append({"step": "frozen", "body": one.decode()})
        main.add(
            Release(
                kind=value["kind"],
                period=value["period"],
                frozen_on=Period.parse(value["period"]).cut_off(21),
                body=one,
                line=line.number,
                head=line.head,
            )
        )
