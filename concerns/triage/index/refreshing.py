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
from concerns.triage.queries import ThreadFacts
from concerns.triage.reading import Flag, read_flags_and_damage
from concerns.triage.retaining.keeping import settle

#: flags opened in one request, about a second's work, and threads opened with one set of queries
MOST, CHUNK = 150, 50
#: threads tried in one request whether they open or not, and threads compared with their cards
TRIED, COMPARED = 600, 5000

States = Mapping[ThreadFacts, State]


@dataclass
class Shelf:
    """One guardian's cards within one request."""

    house: House
    visitor: Visitor
    owner: Owner
    reader: Reader
    weeks: dict[dt.date, Week] = field(default_factory=dict)
    #: there is more to open than one request does
    behind: bool = False
    #: by week, what changes with every change of what she can open of it
    states: dict[dt.date, str] = field(default_factory=dict)

    def refresh(self, rules: str, again: Collection[bytes] = ()) -> None:
        """Compare with the stores, open what differs, and keep it. Cards made by other `rules` are made anew.

        The cards of the threads in `again` are made anew as well.
        """
        stores = self.house.stores
        # the marks first: what changes between reading them and reading a thread is found again next time
        with stores.read_main() as main:
            stamps = {week: mark.hex() + rules for week, mark in marks.marks(main).items()}
        stored = shelf.read(stores, self.owner, CARDS)
        self.weeks = {week: unpack_cards(week, stored[week]) if week in stored else Week(week) for week in stamps}
        outdated = [week for week in sorted(stamps, reverse=True) if self.weeks[week].stamp != stamps[week]]
        arrived = changes.written_today(stores)
        compared, states = self._states(outdated, arrived, again)
        there = {facts.thread_id.hex() for facts in states}
        for week in compared:
            self.weeks[week].drop_all_but(there)
        stale = [one for one, state in states.items() if one.thread_id in again or self._differs(one, state)]
        texts: dict[dt.date, dict[str, str]] = {}
        left = self._open(sorted(stale, key=_place), states, texts)
        for week in compared:
            self.weeks[week].stamp = "" if week in left else stamps[week]
        self.behind = self.behind or len(compared) < len(outdated)
        if touched := {*compared, *texts}:
            self._keep(touched, texts)
        of_today = {week: [stamp] for week, stamp in stamps.items()}
        for facts, state in states.items():
            of_today[facts.week] += [state.token] if facts.thread_id in arrived else []
        self.states = {week: changes.hash_of(one.encode() for one in some) for week, some in of_today.items()}

    def _differs(self, facts: ThreadFacts, state: State) -> bool:
        return self.weeks[facts.week].token(facts.thread_id.hex()) != state.token

    def _states(
        self, outdated: Sequence[dt.date], arrived: dict[bytes, set[bytes]], again: Collection[bytes]
    ) -> tuple[list[dt.date], States]:
        """The weeks to compare now, and the state of their threads, of those written in today, and of those in `again`."""
        kid = kid_of(kem_public(self.owner.kem_seed))
        with self.house.stores.read_main() as main:
            compared = _first_of(outdated, changes.thread_counts(main)) if outdated else []
            states = changes.of_weeks(main, compared, kid, arrived) if compared else {}
            there = {facts.thread_id for facts in states}
            found = states | changes.of_threads(main, {*arrived, *again} - there, kid, arrived)
        return compared, {facts: state for facts, state in found.items() if facts.week in self.weeks}

    def _open(self, stale: Sequence[ThreadFacts], states: States, texts: dict[dt.date, dict[str, str]]) -> set[dt.date]:
        """Make new cards, and collect the texts that go with them; returns the weeks that are not finished."""
        opened = 0
        for tried, (facts, flag, damaged) in enumerate(self._flags(stale)):
            # one more than the most, so that whether more is left does not depend on what she cannot open
            if opened > MOST or tried >= TRIED:
                self.behind = True
                return {one.week for one in stale[tried:]}
            opened += flag is not None
            self._replace(facts, flag, states[facts], damaged=damaged)
            texts.setdefault(facts.week, {})[facts.thread_id.hex()] = told_text(flag) if flag else ""
        self.behind = opened > MOST
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

    def _keep(self, touched: Collection[dt.date], texts: Mapping[dt.date, Mapping[str, str]]) -> None:
        """Both rows of every week that was looked into: their sizes may have changed even where no card did."""
        stores = self.house.stores
        stored = shelf.read(stores, self.owner, TEXTS, touched)
        with stores.read_main() as main:
            counts = changes.thread_counts(main)
        rows, threads = [], set()
        for week in touched:
            held, number = self.weeks[week], counts.get(week, 0)
            known = (unpack_texts(stored[week]) if week in stored else {}) | dict(texts.get(week, {}))
            hers = held.cards
            kept = {thread: text for thread, text in known.items() if thread in hers}
            rows += [pack_cards(held, number), pack_texts(week, kept, number)]
            threads |= {card.thread_id for card in hers.values()}
        # a store that is busy must not keep her from her list: the next request keeps it
        with suppress(OperationalError):
            shelf.keep(stores, self.owner, rows, threads)


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
