"""A table's nodes: the complete, disjoint list of cells into one of which each flag falls."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from concerns.areas.rules import NOT_SAID
from concerns.disclosure.places import Place
from concerns.themes.rules import OTHER


class Grain(StrEnum):
    """How fine a table is, the coarsest first."""

    WHOLE = "whole"
    GROUPS = "groups"
    THEMES = "themes"
    THEMES_BY_DIVISION = "themes-by-division"
    THEMES_BY_AREA = "themes-by-area"


@dataclass(frozen=True)
class Node:
    """One cell. The keys that its grain lacks are None."""

    theme: str | None = None
    group: str | None = None
    division: str | None = None
    area: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"theme": self.theme, "group": self.group, "division": self.division, "area": self.area}


@dataclass(frozen=True)
class ThemePart:
    """What a table needs to know of a theme."""

    code: str
    name: str
    group: str | None


@dataclass(frozen=True)
class Table:
    """A grain with its themes, its places and the head-counts behind them: public facts only."""

    grain: Grain
    themes: tuple[ThemePart, ...]
    #: areas or divisions, as the grain says; else empty
    places: tuple[Place, ...]
    #: of the whole organisation
    staff: int

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All of them, empty ones too, in an order made of names alone."""
        themes = [*(theme.code for theme in self.themes), OTHER]
        places = [*(place.name for place in self.places), NOT_SAID]
        if self.grain is Grain.WHOLE:
            return (Node(),)
        if self.grain is Grain.GROUPS:
            named = dict.fromkeys(theme.group or OTHER for theme in self.themes)
            return tuple(Node(group=group) for group in dict.fromkeys([*named, OTHER]))
        if self.grain is Grain.THEMES:
            return tuple(Node(theme=theme) for theme in themes)
        return tuple(self._placed(theme, place) for theme in themes for place in places)

    def place(self, primary_theme: str | None, area_code: str | None) -> Node:
        """The one node that a flag of this primary theme and area falls in."""
        if self.grain is Grain.WHOLE:
            return Node()
        if self.grain is Grain.GROUPS:
            return Node(group=self._groups.get(primary_theme or OTHER) or OTHER)
        theme = primary_theme if primary_theme in self._groups else OTHER
        if self.grain is Grain.THEMES:
            return Node(theme=theme)
        return self._placed(theme, self._place_names.get(area_code or NOT_SAID, NOT_SAID))

    def headcount(self, node: Node) -> int:
        """How many staff stand behind a node: its place's, or everybody."""
        return self._staff.get(node.area or node.division or NOT_SAID, self.staff)

    def as_json(self) -> dict[str, Any]:
        return {
            "grain": str(self.grain),
            "staff": self.staff,
            "themes": [{"code": t.code, "name": t.name, "group": t.group} for t in self.themes],
            "places": [
                {"name": p.name, "division": p.division, "staff": p.staff, "codes": list(p.codes)} for p in self.places
            ],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Table":
        return cls(
            Grain(value["grain"]),
            tuple(ThemePart(t["code"], t["name"], t["group"]) for t in value["themes"]),
            tuple(Place(p["name"], p["division"], p["staff"], tuple(p["codes"])) for p in value["places"]),
            int(value["staff"]),
        )

    def _placed(self, theme: str | None, place: str) -> Node:
        if self.grain is Grain.THEMES_BY_AREA:
            return Node(theme=theme, area=place)
        return Node(theme=theme, division=place)

    @cached_property
    def _groups(self) -> dict[str, str | None]:
        return {theme.code: theme.group for theme in self.themes}

    @cached_property
    def _place_names(self) -> dict[str, str]:
        return {code: place.name for place in self.places for code in place.codes}

    @cached_property
    def _staff(self) -> dict[str, int]:
        return {place.name: place.staff for place in self.places}
