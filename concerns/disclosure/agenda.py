"""What a guardian sees before she closes a period: the periods and their states, and a preview without a count."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.history import History, Step
from concerns.disclosure.nodes import Grain, Handling, Table
from concerns.disclosure.periods import Kind, Period, rank
from concerns.disclosure.turns import in_words, next_period
from concerns.themes.rules import OTHER


class State(StrEnum):
    """How far the close of a period has come."""

    CLOSED = "closed"
    WAITING = "waiting"
    READY = "ready"
    QUEUED = "queued"
    EARLY = "early"


@dataclass(frozen=True)
class Item:
    """A period on the page "Close a period"."""

    period: Period
    state: State
    #: the calendar date: from which it can be closed, or `frozen_on`
    day: dt.date
    #: the newest ledger line about it
    step: Step | None = None

    @property
    def line(self) -> int | None:
        return self.step.line.number if self.step else None

    @property
    def head(self) -> str | None:
        return self.step.line.head.hex() if self.step else None

    @property
    def day_in_words(self) -> str:
        return in_words(self.day)


def agenda(history: History, facts: PublicFacts, today: dt.date, first_week: dt.date | None) -> list[Item]:
    """Every period of every declared kind up to the running one, the newest first."""
    declared = {kind for _, policy in facts.years for kind in policy.kinds} | {*facts.kinds}
    kinds = [kind for kind in Kind if kind in declared or history.last_frozen(kind) or history.pending(kind)]
    items = [item for kind in kinds for item in _of_kind(history, facts, kind, today, first_week)]
    return sorted(items, key=lambda item: rank(item.period), reverse=True)


def newest_frozen(history: History) -> Step | None:
    """The last freeze of any kind: the next closer compares it with her print."""
    frozen = list(history.frozen.values())
    return frozen[-1] if frozen else None


def terms_in_words(table: Table) -> str:
    """What one row of the table will stand for."""
    return {
        "whole": "the whole organisation, one number",
        "groups": "groups of themes",
        "themes": "themes",
        "themes-by-division": "themes by division",
        "themes-by-area": "themes by area",
        "handling": "how flags were handled, the whole organisation",
    }[table.grain]


def handling_in_words(handling: Handling) -> str:
    """One row of a table of how flags were handled."""
    return ", ".join(
        (
            "Severe" if handling.severe else "Not severe",
            "answered in time" if handling.in_time else "not answered in time",
            "discouraged" if handling.discouraged else "not discouraged",
        )
    )


def row_names(table: Table) -> list[str]:
    """The names of a table's rows, in its order: groups or themes, and what fits none."""
    if table.grain is Grain.HANDLING:
        return [handling_in_words(node.handling) for node in table.nodes if node.handling]
    names = {theme.code: theme.name for theme in table.themes}
    keys = dict.fromkeys(node.group or node.theme for node in table.nodes)
    return ["None of these" if key == OTHER else names.get(key, key) for key in keys if key is not None]


def _of_kind(
    history: History, facts: PublicFacts, kind: Kind, today: dt.date, first_week: dt.date | None
) -> Iterator[Item]:
    for closed, step in history.frozen.items():
        if closed.kind is kind:
            yield Item(closed, State.CLOSED, history.terms_of(closed).frozen_on, step)
    pending = history.pending(kind)
    first = next_period(history, facts, kind, first_week)
    following: Period | None = first
    while (period := following) is not None and period.start <= today:
        day = facts.cut_off(period)
        if pending is not None and pending.period == period:
            yield Item(period, State.WAITING, day, pending)
        elif today < day:
            yield Item(period, State.EARLY, day)
        else:
            yield Item(period, State.READY if period == first else State.QUEUED, day)
        following = period.next()
        if history.terms_of_year(kind, following.year) is None:
            following = facts.declared_from(following)
