"""Closes a period in two parts: one guardian counts and draws the noise, another adds what the first could not open."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from concerns.areas.rules import AreaFacts
from concerns.disclosure.counted import Counted, mark_of, marks_as_text, marks_of_text
from concerns.disclosure.document import Stored, freeze
from concerns.disclosure.facts import PublicFacts
from concerns.disclosure.following import follow
from concerns.disclosure.grain import choose, expected_per_year
from concerns.disclosure.history import History, Step, Terms, entry_of
from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Handling, Node, Table, ThemePart
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
    #: where the window asks for it
    handling: Handling | None = None

    @property
    def told_once(self) -> bytes | None:
        """What counts once: its event; in a table of how flags were handled, what of its event was handled alike.

        Were an event handled in several ways counted in one place, that place would hang on whose telling is looked at,
        and one flag more or less would move two numbers.
        """
        if self.event is None or self.handling is None:
            return self.event
        return self.event + canonical(self.handling.as_json())


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
    #: how a flag was handled is asked too: within so many days after its week it was to be answered; 0 where not asked
    days_to_answer: int = 0
    #: earlier weeks are left out: what was told in them was promised stricter rules
    first_week: dt.date | None = None

    def holds(self, week: dt.date) -> bool:
        """Whether a flag of this week may count."""
        return week <= self.last_day and (self.first_week is None or week >= self.first_week)

    def wants(self, thread_id: bytes) -> bool:
        mark = mark_of(thread_id)
        return mark not in self.left_out and (self.only is None or mark in self.only)


Reader = Callable[[Window], Iterable[CountedFlag | Unopened]]


@dataclass(frozen=True)
class Closer:
    """The guardian who does her part, with what seals for the guardians in force and what opens with her key.

    A vector goes to all but the one who did the first part: with the frozen one beside it, it tells what the flags that
    she cannot open are about. `unseal` raises ValueError for a box that is not for her.
    """

    person_id: bytes
    seal_to_all: Callable[[bytes], bytes]
    #: a payload, and who of them is left out
    seal_to_all_but: Callable[[bytes, bytes], bytes]
    unseal: Callable[[bytes], bytes]
    #: whether a box is sealed to all of them but one; nobody is left out where the id is empty
    reaches: Callable[[bytes, bytes], bool]


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
    frozen_on, since = facts.cut_off(period), facts.collected_from.get(period.kind)
    # the day before: on the cut-off day itself some press the button while others still sort. What was told before
    # the service had a launch could not be triaged in time: there the begin of the close is the limit
    triaged_by = today if period.end < facts.launched_on else frozen_on - dt.timedelta(days=1)
    if fixed is not None:
        # a floor that was raised meanwhile holds at once; one that was lowered does not within its year
        floor = max(fixed.floor, facts.floor)
        table = _knowing_merged(_knowing_newer_codes(fixed.table, facts.themes), facts.areas)
        return Terms(facts.organisation, fixed.epsilon, fixed.theme_set, table, floor, frozen_on, triaged_by, 0, since)
    days_to_answer = facts.days_to_answer if period.handling else 0
    epsilon = facts.kinds[period.kind]
    expected = expected_per_year(*_released(history, period), facts.estimate)
    table = choose(period.kind, epsilon, expected, facts.themes, facts.areas, facts.smallest_area)
    return Terms(
        facts.organisation, epsilon, facts.theme_set, table, facts.floor, frozen_on, triaged_by, days_to_answer, since
    )


def _knowing_newer_codes(table: Table, themes: Sequence[ThemePart]) -> Table:
    """The year's table, with the codes of a set that was agreed after its first close. Its nodes stay the same.

    What is told late in the year is sorted by that set.
    """
    later = {theme.code: theme.later for theme in themes}
    return replace(table, themes=tuple(replace(one, later=later.get(one.code, one.later)) for one in table.themes))


def _knowing_merged(table: Table, areas: Sequence[AreaFacts]) -> Table:
    """The year's table, with the codes of areas that came since: where it has what they became, or were made of.

    Its nodes stay. An area that the table has counts where the table has it, whatever became of it. A newer one counts
    there where it became a part of an area that the table has, and where all that it was made of stands in one place.
    """
    where = {code: number for number, place in enumerate(table.places) for code in place.codes}
    newer: dict[int, list[str]] = {}
    for area in areas:
        # made of two places it cannot be parted: which one a flag told of it belongs to, nobody knows
        own = {where[area.code]} if area.code in where else {where[code] for code in area.codes if code in where}
        if len(own) == 1:
            newer.setdefault(own.pop(), []).extend(code for code in area.codes if code not in where)
    return replace(
        table,
        places=tuple(
            replace(place, codes=(*place.codes, *newer.get(number, ()))) for number, place in enumerate(table.places)
        ),
    )


def _begin(history: History, period: Period, terms: Terms, closer: Closer, read: Reader) -> dict[str, Any]:
    counted = counted_so_far(history, closer)
    tally, unopened = _count(read, counted, period, terms)
    # every node, the empty ones too, gets noise of its own before anything is stored
    measured = [tally[node] + discrete_laplace(terms.epsilon) for node in terms.table.nodes]
    vector = padded({"measured": measured, "unopened": marks_as_text(unopened)})
    seen = closer.seal_to_all(padded(counted.as_json()))
    return entry_of(period, closer.person_id, seen, (terms, closer.seal_to_all_but(vector, closer.person_id)))


def _finish(history: History, pending: Step, closer: Closer, read: Reader) -> dict[str, Any]:
    terms = history.terms_of(pending.period)
    counted = counted_so_far(history, closer)
    first = json.loads(_opened(history.vector_of(pending.period), closer))
    only = frozenset(marks_of_text(first["unopened"]))
    tally, _ = _count(read, counted, pending.period, terms, only)
    # no second noise: one draw a node is all there ever is
    values = [value + tally[node] for value, node in zip(first["measured"], terms.table.nodes, strict=True)]
    seen = closer.seal_to_all(padded(counted.as_json()))
    return entry_of(pending.period, closer.person_id, seen, freeze(pending.period, terms, values))


def _count(
    read: Reader, counted: Counted, period: Period, terms: Terms, only: frozenset[bytes] | None = None
) -> tuple[Counter[Node], set[bytes]]:
    """Place each flag in its one node, and mark it as counted; beside it the marks of what did not open."""
    left_out = counted.of_kind(period.kind) | counted.over_budget(terms.epsilon)
    window = Window(period.end, terms.triaged_by, left_out, only, terms.days_to_answer, terms.collected_from)
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
        if flag.told_once is not None and not counted.once(period, terms.epsilon, flag.told_once):
            continue
        tally[terms.table.place(flag.theme, flag.area, flag.handling)] += 1
    return tally, unopened


def padded(value: Any) -> bytes:
    """JSON up to the next block: the length of its box must not tell how many flags one guardian could not open."""
    data = canonical(value)
    return data.ljust(-(-len(data) // _BLOCK) * _BLOCK)


def counted_so_far(history: History, closer: Closer) -> Counted:
    """What was counted so far, of all kinds: each step hands on the whole list, so that a newcomer needs the newest only.

    Raises CloseRefused where this key does not open it.
    """
    return Counted.from_json(json.loads(_opened(history.counted, closer))) if history.counted else Counted()


def _opened(box: bytes, closer: Closer) -> bytes:
    try:
        return closer.unseal(box)
    except ValueError as error:
        raise CloseRefused(
            "Your key does not open what the last close left for the guardians. Ask another guardian to open the page "
            "“Close a period” once: that hands it on to you. Then try again."
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
