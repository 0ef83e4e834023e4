"""A release as it is frozen, and as it is handed out: pages, JSON and CSV all come from the same stored bytes."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from concerns.disclosure.display import Shown, show, threshold
from concerns.disclosure.history import Terms
from concerns.disclosure.nodes import Node, Table
from concerns.disclosure.periods import Period
from concerns.sealing.text import canonical

_COLUMNS = ("theme", "group", "division", "area", "value", "low", "high")


def freeze(period: Period, terms: Terms, values: Sequence[int]) -> bytes:
    """The bytes of a release: what is public about it, and a signed whole number for every node."""
    nodes = [{**node.as_json(), "measured": value} for node, value in zip(terms.table.nodes, values, strict=True)]
    table = terms.table.as_json()
    for place in table["places"]:
        del place["codes"]  # nothing reads them after the count
    return canonical(
        {
            "organisation": terms.organisation,
            "kind": str(period.kind),
            "period": str(period),
            "epsilon": str(terms.epsilon),
            "frozen_on": terms.frozen_on.isoformat(),
            "floor": terms.floor,
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
        terms = Terms(value["organisation"], Fraction(value["epsilon"]), 0, table, value["floor"], frozen_on, frozen_on)
        values = {Node(n["theme"], n["group"], n["division"], n["area"]): n["measured"] for n in value["nodes"]}
        return cls(Period.parse(value["period"]), terms, values)

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
        )

    def node(self, node: Node) -> Sum:
        return self.sum_of([node], self.table.headcount(node))

    @cached_property
    def total(self) -> Sum:
        return self.sum_of(self.values, self.table.staff)

    def as_document(self, *, measured: bool = False) -> dict[str, Any]:
        """What `concerns release` prints as JSON."""
        return {
            "organisation": self.terms.organisation,
            "period": str(self.period),
            "epsilon": str(self.terms.epsilon),
            "grain": str(self.table.grain),
            "frozen_on": self.terms.frozen_on.isoformat(),
            "kind": str(self.period.kind),
            "nodes": [self._node_json(node, measured) for node in self.values],
            "total": _shown_json(self.total.shown),
        }

    def as_csv(self, *, measured: bool = False) -> str:
        """One line a node and one for the total; what is hidden is empty."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([*_COLUMNS, "measured"] if measured else _COLUMNS)
        document = self.as_document(measured=measured)
        for node in document["nodes"]:
            keys = [_guarded(node[name]) for name in _COLUMNS[:4]]
            writer.writerow([*keys, *_shown_cells(node["shown"]), *([node["measured"]] if measured else [])])
        extra = [self.total.measured] if measured else []
        writer.writerow(["total", "", "", "", *_shown_cells(document["total"]), *extra])
        return text.getvalue()

    def _node_json(self, node: Node, measured: bool) -> dict[str, Any]:
        value: dict[str, Any] = {**node.as_json(), "shown": _shown_json(self.node(node).shown)}
        if measured:
            value["measured"] = self.values[node]
        return value


def _shown_json(shown: Shown | None) -> dict[str, int] | None:
    return None if shown is None else shown.as_json()


def _shown_cells(shown: Mapping[str, int] | None) -> list[int | str]:
    return ["", "", ""] if shown is None else [shown["value"], shown["low"], shown["high"]]


def _guarded(text: str | None) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r\n" else text or ""
