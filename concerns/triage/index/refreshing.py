"""Brings a guardian's shelf up to date, newest weeks first, with bounded work in each request."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import OperationalError

from concerns.people.access import Visitor
from concerns.sealing import marks, shelf
from concerns.sealing.keys import kem_public, kid_of
from concerns.sealing.shelf import CARDS, TEXTS, Owner
from concerns.store.house import House
from concerns.triage.index import changes
from concerns.triage.index.card import State, told_text
from concerns.triage.index.making import Reader, card_of
from concerns.triage.index.shards import pack_cards, pack_texts, unpack_cards, unpack_texts
from concerns.triage.index.week import Week
from concerns.triage.queries import ThreadFacts, facts_of
from concerns.triage.reading import Flag, read_flags_and_damage
from concerns.triage.retaining.keeping import settle

#: flags opened in one request, about a second's work, and threads opened with one set of queries
MOST, CHUNK = 150, 50
#: threads tried in one request whether they open or not, and threads compared with their cards
TRIED, COMPARED = 600, 5000
#: changed flags that a page opens for itself, without keeping what it found
FEW = 5

States = Mapping[ThreadFacts, State]


@dataclass
class Shelf:
    """One guardian's cards within one request; cards that were made by other `rules` are made anew."""

    house: House
    visitor: Visitor
    owner: Owner
    reader: Reader
    rules: str
    #: threads whose cards are made anew in any case
    again: Collection[bytes] = ()
    #: those that were brought so far
    weeks: dict[dt.date, Week] = field(default_factory=dict)
    #: there is more to open than one request does
    behind: bool = False
    #: by week, what changes with every change of what she can open of it
    states: Mapping[dt.date, str] = field(init=False)
    #: of what was opened in this request, by week and thread
    texts: dict[dt.date, dict[str, str]] = field(default_factory=dict)
    _stamps: Mapping[dt.date, str] = field(init=False)
    #: what guardians wrote today, by thread, and the week of each of these threads
    _arrived: dict[bytes, set[bytes]] = field(init=False)
    _week_of: Mapping[bytes, dt.date] = field(init=False)
    #: the weeks that are to be kept
    _touched: set[dt.date] = field(default_factory=set)

    def __post_init__(self) -> None:
        """See what changed, without reading any week."""
        # both before any thread: what changes between reading them and reading a thread is found again next time
        self._arrived = changes.written_today(self.house.stores)
        wanted = sorted({*self._arrived, *self.again})
        with self.house.stores.read_main() as main:
            self._stamps = {week: mark.hex() + self.rules for week, mark in marks.marks(main).items()}
            self._week_of = {one.thread_id: one.week for one in facts_of(main, wanted)} if wanted else {}
        parts: dict[dt.date, list[bytes]] = {week: [stamp.encode()] for week, stamp in self._stamps.items()}
        for thread_id, ids in self._arrived.items():
            week = self._week_of.get(thread_id)
            if week in parts:
                parts[week] += ids
        self.states = {week: changes.hash_of(some) for week, some in parts.items()}

    def bring(self, weeks: Collection[dt.date] | None = None) -> None:
        """Have the cards of these weeks, or of all: what changed is opened. What is there already is left as it is.

        Only where all are asked for it is kept: what is written must not tell which flags a page was about. So where
        much changed, all of them are brought.
        """
        new = self._read(weeks)
        outdated = [week for week in sorted(new, reverse=True) if self.weeks[week].stamp != self._stamps[week]]
        compared, states = self._states(outdated, new) if weeks is None or not outdated else ([], {})
        stale = [one for one, state in states.items() if one.thread_id in self.again or self._differs(one, state)]
        if weeks is not None and (outdated or len(stale) > FEW):
            for week in new:
                del self.weeks[week]
            self.bring()
            return
        there = {facts.thread_id.hex() for facts in states}
        for week in compared:
            self.weeks[week].drop_all_but(there)
        left = self._open(sorted(stale, key=_place), states)
        for week in compared:
            self.weeks[week].stamp = "" if week in left else self._stamps[week]
            self.weeks[week].waiting = {}
        self._note_waiting(states)
        self.behind = self.behind or len(compared) < len(outdated)
        self._touched.update(compared, {one.week for one in stale})
        if weeks is None and self._touched:
            self._keep()

    def saw(self, facts: ThreadFacts) -> None:
        """Make the card of a thread anew, in which she has just written, and keep its week."""
        self._arrived = changes.written_today(self.house.stores)
        kid = kid_of(kem_public(self.owner.kem_seed))
        with self.house.stores.read_main() as main:
            states = changes.of_threads(main, [facts.thread_id], kid, self._arrived)
        if facts.week in self.weeks and facts in states:
            self._open([facts], states)
            self._note_waiting(states)
            self._touched.add(facts.week)
            self._keep()

    def _read(self, weeks: Collection[dt.date] | None) -> set[dt.date]:
        """Those of these weeks that were not there yet."""
        new = (set(self._stamps) if weeks is None else self._stamps.keys() & weeks) - self.weeks.keys()
        if new:
            stored = shelf.read(self.house.stores, self.owner, CARDS, None if weeks is None else new)
            self.weeks |= {week: unpack_cards(week, stored[week]) if week in stored else Week(week) for week in new}
        return new

    def _differs(self, facts: ThreadFacts, state: State) -> bool:
        return self.weeks[facts.week].token(facts.thread_id.hex()) != state.token

    def _waiting(self, thread_id: bytes) -> str:
        """What changes with everything that guardians write in a thread today."""
        return changes.hash_of(self._arrived.get(thread_id, ()))

    def _note_waiting(self, states: States) -> None:
        """Of the threads whose cards are as they should be: what was left for another request is looked at again."""
        for facts, state in states.items():
            if facts.thread_id in self._arrived and not self._differs(facts, state):
                self.weeks[facts.week].waiting[facts.thread_id.hex()] = self._waiting(facts.thread_id)

    def _states(self, outdated: Sequence[dt.date], new: Collection[dt.date]) -> tuple[list[dt.date], States]:
        """The weeks to compare now, and the state of their threads, and of those in new weeks that need a look."""
        if not new:
            return [], {}
        kid = kid_of(kem_public(self.owner.kem_seed))
        # where no mark is new, only those need a look in which guardians wrote since
        looked_at = {
            one
            for one, week in self._week_of.items()
            if week in new and (one in self.again or self.weeks[week].waiting.get(one.hex()) != self._waiting(one))
        }
        if not outdated and not looked_at:
            return [], {}
        with self.house.stores.read_main() as main:
            compared = _first_of(outdated, changes.thread_counts(main)) if outdated else []
            states = changes.of_weeks(main, compared, kid, self._arrived) if compared else {}
            there = {facts.thread_id for facts in states}
            found = states | changes.of_threads(main, looked_at - there, kid, self._arrived)
        return compared, {facts: state for facts, state in found.items() if facts.week in self.weeks}

    def _open(self, stale: Sequence[ThreadFacts], states: States) -> set[dt.date]:
        """Make new cards, and collect the texts that go with them; returns the weeks that are not finished."""
        opened = 0
        for tried, (facts, flag, damaged) in enumerate(self._flags(stale)):
            # one more than the most, so that whether more is left does not depend on what she cannot open
            if opened > MOST or tried >= TRIED:
                self.behind = True
                return {one.week for one in stale[tried:]}
            opened += flag is not None
            self._replace(facts, flag, states[facts], damaged=damaged)
            self.texts.setdefault(facts.week, {})[facts.thread_id.hex()] = told_text(flag) if flag else ""
        self.behind = self.behind or opened > MOST
        return set()

    def _flags(self, stale: Sequence[ThreadFacts]) -> Iterator[tuple[ThreadFacts, Flag | None, bool]]:
        """Each with its flag, None where she cannot open it, and whether that is because somebody changed it."""
        for start in range(0, len(stale), CHUNK):
            some = stale[start : start + CHUNK]
            found, damaged = read_flags_and_damage(self.house, self.reader.desk, self.visitor, some)
            flags = {flag.facts.thread_id: flag for flag in found}
            yield from ((facts, flags.get(facts.thread_id), facts.thread_id in damaged) for facts in some)

    def _replace(self, facts: ThreadFacts, flag: Flag | None, state: State, *, damaged: bool) -> None:
        held, thread = self.weeks[facts.week], facts.thread_id.hex()
        held.drop(thread)
        if flag is None:
            held.shut[thread] = state.token
            if damaged:
                held.damaged.add(thread)
        else:
            settle(self.house, flag)
            held.put(card_of(flag, state, self.reader))

    def _keep(self) -> None:
        """Both rows of every week that was looked into: their sizes may have changed even where no card did."""
        stores = self.house.stores
        stored = shelf.read(stores, self.owner, TEXTS, self._touched)
        with stores.read_main() as main:
            counts = changes.thread_counts(main)
        rows, threads = [], set()
        for week in self._touched:
            held, number = self.weeks[week], counts.get(week, 0)
            known = (unpack_texts(stored[week]) if week in stored else {}) | self.texts.get(week, {})
            hers = held.cards
            kept = {thread: text for thread, text in known.items() if thread in hers}
            rows += [pack_cards(held, number), pack_texts(week, kept, number)]
            threads |= {card.thread_id for card in hers.values()}
        # a store that is busy must not keep her from her list: the next request keeps it
        with suppress(OperationalError):
            shelf.keep(stores, self.owner, rows, threads)
        self._touched = set()


def _first_of(weeks: Sequence[dt.date], counts: Mapping[dt.date, int]) -> list[dt.date]:
    """As many weeks as can be compared in one request, at least one."""
    found: list[dt.date] = []
    threads = 0
    for week in weeks:
        if found and threads + counts.get(week, 0) > COMPARED:
            break
        found.append(week)
        threads += counts.get(week, 0)
    return found


def _place(facts: ThreadFacts) -> tuple[int, bytes]:
    return -facts.week.toordinal(), facts.thread_id
