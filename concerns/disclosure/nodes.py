"""A table's nodes: the complete, disjoint list of cells into one of which each flag falls."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
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
    #: of a table of its own kind: how flags were handled, the whole organisation
    HANDLING = "handling"


@dataclass(frozen=True)
class Handling:
    """What became of a flag and of its reporter, as far as the kind `handling` tells it."""

    severe: bool
    #: first answered within the days that the policy allowed
    in_time: bool
    #: treated badly for speaking up, or would not speak up again
    discouraged: bool

    def as_json(self) -> dict[str, bool]:
        return {"severe": self.severe, "in_time": self.in_time, "discouraged": self.discouraged}


@dataclass(frozen=True)
class Node:
    """One cell. The keys that its grain lacks are None."""

    theme: str | None = None
    group: str | None = None
    division: str | None = None
    area: str | None = None
    handling: Handling | None = None

    def as_json(self) -> dict[str, str | bool | None]:
        keys = {"theme": self.theme, "group": self.group, "division": self.division, "area": self.area}
        return {**keys, **(self.handling.as_json() if self.handling else {})}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Node":
        handled = "severe" in value
        handling = Handling(value["severe"], value["in_time"], value["discouraged"]) if handled else None
        return cls(value["theme"], value["group"], value["division"], value["area"], handling)


@dataclass(frozen=True)
class ThemePart:
    """What a table needs to know of a theme."""

    code: str
    name: str
    group: str | None
    #: codes of earlier sets all of whose flags belong to it
    whole: tuple[str, ...] = ()
    #: codes of earlier sets of whose flags some belong to it
    partly: tuple[str, ...] = ()
    #: codes of later sets all of whose flags come from it
    later: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        other = {"whole": list(self.whole), "partly": list(self.partly), "later": list(self.later)}
        known = {name: codes for name, codes in other.items() if codes}
        return {"code": self.code, "name": self.name, "group": self.group, **known}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ThemePart":
        other = (tuple(value.get(name, ())) for name in ("whole", "partly", "later"))
        return cls(value["code"], value["name"], value["group"], *other)


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
        if self.grain is Grain.HANDLING:
            return tuple(Node(handling=Handling(*one)) for one in product((True, False), repeat=3))
        if self.grain is Grain.GROUPS:
            named = dict.fromkeys(theme.group or OTHER for theme in self.themes)
            return tuple(Node(group=group) for group in dict.fromkeys([*named, OTHER]))
        if self.grain is Grain.THEMES:
            return tuple(Node(theme=theme) for theme in themes)
        return tuple(self._placed(theme, place) for theme in themes for place in places)

    def place(self, primary_theme: str | None, area_code: str | None, handling: Handling | None = None) -> Node:
        """The one node that a flag of this primary theme and area, handled like this, falls in."""
        if self.grain is Grain.WHOLE:
            return Node()
        if self.grain is Grain.HANDLING:
            if handling is None:
                raise ValueError("this table counts how a flag was handled, and nobody looked")
            return Node(handling=handling)
        theme = self._own_codes.get(primary_theme or OTHER, OTHER)
        if self.grain is Grain.GROUPS:
            return Node(group=self._groups.get(theme) or OTHER)
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
            "themes": [theme.as_json() for theme in self.themes],
            "places": [
                {"name": p.name, "division": p.division, "staff": p.staff, "codes": list(p.codes)} for p in self.places
            ],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Table":
        return cls(
            Grain(value["grain"]),
            tuple(map(ThemePart.from_json, value["themes"])),
            tuple(Place(p["name"], p["division"], p["staff"], tuple(p["codes"])) for p in value["places"]),
            int(value["staff"]),
        )

    def _placed(self, theme: str | None, place: str) -> Node:
        if self.grain is Grain.THEMES_BY_AREA:
            return Node(theme=theme, area=place)
        return Node(theme=theme, division=place)

    @cached_property
    def _own_codes(self) -> dict[str, str]:
        """What a code of this or another set counts as here."""
        others = {code: theme.code for theme in self.themes for code in (*theme.whole, *theme.later)}
        return {**others, **{theme.code: theme.code for theme in self.themes}}

    @cached_property
    def _groups(self) -> dict[str, str | None]:
        return {theme.code: theme.group for theme in self.themes}

    @cached_property
    def _place_names(self) -> dict[str, str]:
        return {code: place.name for place in self.places for code in place.codes}

    @cached_property
    def _staff(self) -> dict[str, int]:
        return {place.name: place.staff for place in self.places}
