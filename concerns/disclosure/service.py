"""Closes a period in two parts: one guardian counts and draws the noise, another adds what the first could not open."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from concerns.disclosure.counted import Counted, mark_of, marks_as_text, marks_of_text
from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.following import follow
from concerns.disclosure.grain import choose, expected_per_year
from concerns.disclosure.history import History, Step, Terms, entry_of
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Node
from concerns.disclosure.periods import Kind, Period
from concerns.disclosure.sampler import discrete_laplace
from concerns.disclosure.turns import CloseRefused, check_turn
from concerns.sealing.text import canonical
from concerns.store.session import Stores

_BLOCK = 4096


@dataclass(frozen=True)
class CountedFlag:
    """What the gate is told of a flag: enough to place it in one node."""

    thread_id: bytes
    #: of the flag, or of its event
    theme: str | None
    area: str | None
    #: what the tellings of one event, in one place of the table, have in common; None for a flag that stands alone
    event: bytes | None = None


@dataclass(frozen=True)
class Unopened:
    """A flag with a triage record that this guardian's key does not open: another one may count it."""

    thread_id: bytes


@dataclass(frozen=True)
class Window:
    """Which flags count: collected by `last_day`, first triaged by `triaged_by`, and not counted before."""

    last_day: dt.date
    triaged_by: dt.date
    left_out: frozenset[bytes]
    #: in a second part: what was triaged when the first one began and did not open to her
    only: frozenset[bytes] | None = None

    def wants(self, thread_id: bytes) -> bool:
        mark = mark_of(thread_id)
        return mark not in self.left_out and (self.only is None or mark in self.only)


Reader = Callable[[Window], Iterable[CountedFlag | Unopened]]


@dataclass(frozen=True)
class Closer:
    """The guardian who does her part, with what seals for the guardians and what opens with her key.

    The vector goes to the others alone: with the frozen one beside it, it tells what the flags that exclude her are
    about. `unseal` raises ValueError for a box that is not for her.
    """

    person_id: bytes
    seal_to_all: Callable[[bytes], bytes]
    seal_to_others: Callable[[bytes], bytes]
    unseal: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Outcome:
    """What came of a guardian's part. It names no count and no draw."""

    period: Period
    frozen: bool
    line: int
    head: bytes


def close_part(
    stores: Stores,
    ledger: Ledger,
    facts: PublicFacts,
    period: Period,
    *,
    today: dt.date,
    first_week: dt.date | None,
    closer: Closer,
    read: Reader,
) -> Outcome:
    """Do one guardian's part in closing a period. Raises CloseRefused or LedgerRefused.

    Stopped at any point it leaves either no line, and nobody saw a draw, or a whole line, and no other will be drawn:
    the release row is only ever made from the ledger's bytes.
    """
    with ledger.locked():
        with stores.write_main() as main:
            history = follow(main, ledger, facts.site_id)
        check_turn(history, facts, period, today, first_week, closer.person_id)
        pending = history.pending(period.kind)
        if pending is None:
            terms = terms_for(history, facts, period, today)
            entry = _begin(history, period, terms, closer, read)
        else:
            entry = _finish(history, pending, closer, read)
        line = ledger.append(entry)
        with stores.write_main() as main:
            follow(main, ledger, facts.site_id)
    return Outcome(period, pending is not None, line.number, line.head)


def terms_for(history: History, facts: PublicFacts, period: Period, today: dt.date) -> Terms:
    """The terms on which a period would be closed. Public and released data only: no flag reaches this function."""
    fixed = history.terms_of_year(period.kind, period.year)
    frozen_on = period.cut_off(facts.cutoff_days)
    # the day before: on the cut-off day itself some press the button while others still sort. What was told before
    # the service had a launch could not be triaged in time: there the begin of the close is the limit
    triaged_by = today if period.end < facts.launched_on else frozen_on - dt.timedelta(days=1)
    if fixed is not None:
        return Terms(
            facts.organisation, fixed.epsilon, fixed.theme_set, fixed.table, fixed.floor, frozen_on, triaged_by
        )
    epsilon = facts.kinds[period.kind]
    expected = expected_per_year(*_released(history, period), facts.estimate)
    table = choose(period.kind, epsilon, expected, facts.themes, facts.areas, facts.smallest_area)
    return Terms(facts.organisation, epsilon, facts.theme_set, table, facts.floor, frozen_on, triaged_by)


def _begin(history: History, period: Period, terms: Terms, closer: Closer, read: Reader) -> dict[str, Any]:
    counted = counted_so_far(history, closer)
    tally, unopened = _count(read, counted, period, terms)
    # every node, the empty ones too, gets noise of its own before anything is stored
    measured = [tally[node] + discrete_laplace(terms.epsilon) for node in terms.table.nodes]
    vector = _padded({"measured": measured, "unopened": marks_as_text(unopened)})
    seen = closer.seal_to_all(_padded(counted.as_json()))
    return entry_of(period, closer.person_id, seen, (terms, closer.seal_to_others(vector)))


def _finish(history: History, pending: Step, closer: Closer, read: Reader) -> dict[str, Any]:
    terms = history.terms_of(pending.period)
    counted = counted_so_far(history, closer)
    first = json.loads(_opened(pending.vector, closer))
    only = frozenset(marks_of_text(first["unopened"]))
    tally, _ = _count(read, counted, pending.period, terms, only)
    # no second noise: one draw a node is all there ever is
    values = [value + tally[node] for value, node in zip(first["measured"], terms.table.nodes, strict=True)]
    seen = closer.seal_to_all(_padded(counted.as_json()))
    return entry_of(pending.period, closer.person_id, seen, freeze(pending.period, terms, values))


def _count(
    read: Reader, counted: Counted, period: Period, terms: Terms, only: frozenset[bytes] | None = None
) -> tuple[Counter[Node], set[bytes]]:
    """Place each flag in its one node, and mark it as counted; beside it the marks of what did not open."""
    left_out = counted.of_kind(period.kind) | counted.over_budget(terms.epsilon)
    window = Window(period.end, terms.triaged_by, left_out, only)
    tally: Counter[Node] = Counter()
    seen: set[bytes] = set()
    unopened: set[bytes] = set()
    for flag in read(window):
        if flag.thread_id in seen or not window.wants(flag.thread_id):
            continue
        seen.add(flag.thread_id)
        if isinstance(flag, Unopened):
            unopened.add(mark_of(flag.thread_id))
            continue
        # a telling of what was counted is marked as well: taken out of its event later, it adds nothing
        counted.add(period.kind, terms.epsilon, flag.thread_id)
        if flag.event is not None and not counted.once(period, terms.epsilon, flag.event):
            continue
        tally[terms.table.place(flag.theme, flag.area)] += 1
    return tally, unopened


def _padded(value: Any) -> bytes:
    """JSON up to the next block: the length of its box must not tell how many flags one guardian could not open."""
    data = canonical(value)
    return data.ljust(-(-len(data) // _BLOCK) * _BLOCK)


def counted_so_far(history: History, closer: Closer) -> Counted:
    """What was counted so far, of all kinds: each step hands on the whole list, so that a newcomer needs the newest only.

    Raises CloseRefused where this key does not open it.
    """
    return Counted.from_json(json.loads(_opened(history.steps[-1].counted, closer))) if history.steps else Counted()


def _opened(box: bytes, closer: Closer) -> bytes:
    try:
        return closer.unseal(box)
    except ValueError as error:
        raise CloseRefused(
            "Your key does not open what the last close left for the guardians. Another guardian has to do this part."
        ) from error


def _released(history: History, period: Period) -> tuple[int | None, list[int]]:
    """Last year's frozen total, and those of the last four quarters as far as they are frozen."""
    last_year = history.frozen.get(Period(period.year - 1))
    quarters: list[int] = []
    one = Period.of(Kind.QUARTER, period.start)
    for _ in range(4):
        one = one.previous()
        if one in history.frozen:
            quarters.append(_total(history.frozen[one]))
    return None if last_year is None else _total(last_year), quarters


def _total(step: Step) -> int:
    return Stored.read(step.body or b"").total.measured
