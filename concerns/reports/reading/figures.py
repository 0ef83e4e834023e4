"""The figures that leaders type in: what they are, what can be meant, and where each goes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.disclosure.periods import Period
from concerns.reports.control import Direction


@dataclass(frozen=True)
class Measure:
    """A figure that leaders type in, of the whole organisation."""

    name: str
    hint: str
    unit: str
    #: in tenths, the largest that can be meant
    most: int
    #: where it goes when things get worse
    worse: Direction
    #: how a sentence calls it
    noun: str


_PERCENT = 1000
MEASURES: Mapping[str, Measure] = {
    "sickness": Measure(
        "Sickness absence", "Working time lost, in per cent, such as 5.2", "%", _PERCENT, Direction.UP, "sickness"
    ),
    "turnover": Measure(
        "Staff turnover", "Staff who left, in per cent, such as 2.4", "%", _PERCENT, Direction.UP, "turnover"
    ),
    "incidents": Measure(
        "Incidents with harm", "How many, such as 31", "", 1_000_000, Direction.UP, "harm in reported incidents"
    ),
    "survey": Measure(
        "Staff who feel safe to speak up",
        "From the staff survey, in per cent, such as 61.5",
        "%",
        _PERCENT,
        Direction.DOWN,
        "fear in the staff survey",
    ),
}
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d))?\s*%?", re.ASCII)


class WrongFigure(ValueError):
    """What was typed is no figure of this measure; the message is a sentence for the page."""


@dataclass(frozen=True)
class Figure:
    """One typed-in figure."""

    measure: str
    period: Period
    tenths: int

    @property
    def value(self) -> float:
        return self.tenths / 10

    @property
    def text(self) -> str:
        number = f"{self.value:,.1f}" if self.tenths % 10 or MEASURES[self.measure].unit else f"{self.value:,.0f}"
        return number + MEASURES[self.measure].unit


def tenths_of(measure: str, typed: str) -> int:
    """A typed figure in tenths. Raises WrongFigure."""
    own = MEASURES[measure]
    if typed.startswith(("-", "−", "–")):
        raise WrongFigure(f"{own.name}: type 0 or more")
    found = _NUMBER.fullmatch(typed)
    if found is None:
        raise WrongFigure(f"{own.name}: type a number with at most one digit after the point, such as 5.2")
    tenths = int(found[1].replace(",", "")) * 10 + int(found[2] or 0)
    if tenths > own.most:
        raise WrongFigure(f"{own.name}: type {own.most // 10:,} or less")
    return tenths


def harm_of(measure: str, direction: Direction) -> Direction:
    """Where harm goes when a figure goes there: fewer people who feel safe are more harm."""
    if direction in (Direction.STEADY, Direction.EARLY) or MEASURES[measure].worse is Direction.UP:
        return direction
    return Direction.DOWN if direction is Direction.UP else Direction.UP
