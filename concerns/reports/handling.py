"""Reads the yearly table of how flags were handled: sums of its nodes, and nothing about which flags they were. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from concerns.disclosure.display import HIDDEN
from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.nodes import Handling
from concerns.disclosure.periods import Period


@dataclass(frozen=True)
class Handled:
    """What one year's table says; each number is shown or hidden by the same rule as any other."""

    period: Period
    severe: Sum
    in_time: Sum
    late: Sum
    discouraged: Sum
    #: all flags of the table
    total: Sum


def handled(tables: Sequence[Stored], period: Period) -> Handled | None:
    """The newest table that was frozen for a year up to the one that a report is of; None where there is none."""
    known = [one for one in tables if one.period.year <= period.year]
    if not known:
        return None
    newest = max(known, key=lambda one: one.period.year)
    return Handled(
        newest.period,
        _sum(newest, lambda one: one.severe),
        _sum(newest, lambda one: one.in_time),
        _sum(newest, lambda one: not one.in_time),
        _sum(newest, lambda one: one.discouraged),
        newest.total,
    )


def said(found: Sum) -> str:
    """A number as a sentence may hold it."""
    return found.shown.text if found.shown else HIDDEN


def said_of(found: Sum, total: Sum) -> str:
    """The same with the number that it is a part of, where both may be shown. A hidden one always looks the same."""
    return f"{said(found)} of {said(total)}" if found.shown and total.shown else said(found)


def _sum(stored: Stored, counts: Callable[[Handling], bool]) -> Sum:
    nodes = [node for node in stored.values if node.handling and counts(node.handling)]
    return stored.sum_of(nodes, stored.table.staff)
