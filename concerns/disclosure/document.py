"""A release as it is frozen, and as it is handed out: pages and files all come from the same stored bytes."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from concerns.disclosure.display import Shown, show, threshold
from concerns.disclosure.history import Terms
from concerns.disclosure.nodes import Grain, Node, Table
from concerns.disclosure.periods import Kind, Period
from concerns.sealing.text import canonical

#: one value of a table that a file holds; None for what is hidden or not there
Cell = str | int | None
_KEYS = ("theme", "group", "division", "area")
_HANDLING = ("severe", "in_time", "discouraged")
_YES_NO: Mapping[Any, Cell] = {True: "yes", False: "no"}


def freeze(period: Period, terms: Terms, values: Sequence[int]) -> bytes:
    """The bytes of a release: what is public about it, and a signed whole number for every node."""
    nodes = [{**node.as_json(), "measured": value} for node, value in zip(terms.table.nodes, values, strict=True)]
    table = terms.table.as_json()
    # nothing reads these after the count
    for place in table["places"]:
        del place["codes"]
    for theme in table["themes"]:
        theme.pop("later", None)
    return canonical(
        {
            "organisation": terms.organisation,
            "kind": str(period.kind),
            "period": period.text,
            "epsilon": str(terms.epsilon),
            "frozen_on": terms.frozen_on.isoformat(),
            "floor": terms.floor,
            **({"days_to_answer": terms.days_to_answer} if terms.days_to_answer else {}),
            **table,
            "nodes": nodes,
        }
    )


@dataclass(frozen=True)
class Sum:
    """A sum of stored nodes, and what of it may be shown."""

    measured: int
    shown: Shown | None
    #: the least that would be shown
    least: float
    #: how many stored nodes it is the sum of, each with noise of its own
    nodes: int


@dataclass(frozen=True)
class Stored:
    """A frozen release. Every number about it is a plain sum of its nodes."""

    period: Period
    terms: Terms
    values: Mapping[Node, int]

    @classmethod
    def read(cls, body: bytes) -> "Stored":
        """From the frozen bytes."""
        value = json.loads(body)
        table = Table.from_json({**value, "places": [{**place, "codes": ()} for place in value["places"]]})
        frozen_on = dt.date.fromisoformat(value["frozen_on"])
        terms = Terms(
            value["organisation"],
            Fraction(value["epsilon"]),
            0,
            table,
            value["floor"],
            frozen_on,
            frozen_on,
            value.get("days_to_answer", 0),
        )
        values = {Node.from_json(node): node["measured"] for node in value["nodes"]}
        period = Period.parse(value["period"])
        return cls(replace(period, handling=value["kind"] == Kind.HANDLING), terms, values)

    @property
    def table(self) -> Table:
        return self.terms.table

    def sum_of(self, nodes: Iterable[Node], headcount: int) -> Sum:
        """The sum of these nodes, with so many staff behind them."""
        chosen = list(nodes)
        measured = sum(self.values[node] for node in chosen)
        epsilon, floor = self.terms.epsilon, self.terms.floor
        return Sum(
            measured,
            show(measured, len(chosen), epsilon, headcount, floor),
            threshold(len(chosen), epsilon, floor),
            len(chosen),
        )

    def node(self, node: Node) -> Sum:
        return self.sum_of([node], self.table.headcount(node))

    @cached_property
    def by_key(self) -> Mapping[str | None, Sequence[Node]]:
        """Its nodes by theme or group, over all places."""
        found: dict[str | None, list[Node]] = {}
        for node in self.values:
            found.setdefault(node.group or node.theme, []).append(node)
        return found

    @cached_property
    def total(self) -> Sum:
        return self.sum_of(self.values, self.table.staff)

    def as_document(self, *, measured: bool = False) -> dict[str, Any]:
        """What `concerns release` prints as JSON."""
        return {
            "organisation": self.terms.organisation,
            "period": self.period.text,
            "epsilon": str(self.terms.epsilon),
            "grain": str(self.table.grain),
            "frozen_on": self.terms.frozen_on.isoformat(),
            "kind": str(self.period.kind),
            "nodes": [self._node_json(node, measured) for node in self.values],
            "total": _shown_json(self.total.shown),
        }

    def rows(self, *, measured: bool = False) -> Iterator[list[Cell]]:
        """The same as a table for files: its head, a line a node, and one for the total. What is hidden is empty."""
        document = self.as_document(measured=measured)
        keys = _HANDLING if self.table.grain is Grain.HANDLING else _KEYS
        extra = ["measured"] if measured else []
        yield [*keys, "value", "low", "high", *extra]
        for node in document["nodes"]:
            cells = [_YES_NO.get(node[key], node[key]) for key in keys]
            yield [*cells, *_shown_cells(node["shown"]), *(node[name] for name in extra)]
        total = ["total", *[None] * (len(keys) - 1)]
        yield [*total, *_shown_cells(document["total"]), *([self.total.measured] if measured else [])]

    def _node_json(self, node: Node, measured: bool) -> dict[str, Any]:
        value: dict[str, Any] = {**node.as_json(), "shown": _shown_json(self.node(node).shown)}
        if measured:
            value["measured"] = self.values[node]
        return value


def _shown_json(shown: Shown | None) -> dict[str, int] | None:
    return None if shown is None else shown.as_json()


def _shown_cells(shown: Mapping[str, int] | None) -> list[Cell]:
    return [None, None, None] if shown is None else [shown["value"], shown["low"], shown["high"]]
