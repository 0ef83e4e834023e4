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
from concerns.triage.reading import Flag, read_flags

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
    #: changes with every change of what she can open
    state: str = ""

    def refresh(self, rules: str) -> None:
        """Compare with the stores, open what differs, and keep it. Cards made by other `rules` are made anew."""
        stores = self.house.stores
        # the marks first: what changes between reading them and reading a thread is found again next time
        with stores.read_main() as main:
            stamps = {week: mark.hex() + rules for week, mark in marks.marks(main).items()}
        stored = shelf.read(stores, self.owner, CARDS)
        self.weeks = {week: unpack_cards(week, stored[week]) if week in stored else Week(week) for week in stamps}
        outdated = [week for week in sorted(stamps, reverse=True) if self.weeks[week].stamp != stamps[week]]
        compared, states = self._states(outdated)
        there = {facts.thread_id.hex() for facts in states}
        for week in compared:
            self.weeks[week].drop_all_but(there)
        stale = [one for one, state in states.items() if self.weeks[one.week].token(one.thread_id.hex()) != state.token]
        texts: dict[dt.date, dict[str, str]] = {}
        left = self._open(sorted(stale, key=_place), states, texts)
        for week in compared:
            self.weeks[week].stamp = "" if week in left else stamps[week]
        self.behind = self.behind or len(compared) < len(outdated)
        if touched := {*compared, *texts}:
            self._keep(touched, texts)
        of_today = (state.token for facts, state in states.items() if facts.week not in compared)
        self.state = changes.hash_of(one.encode() for one in (*stamps.values(), *of_today))

    def _states(self, outdated: Sequence[dt.date]) -> tuple[list[dt.date], States]:
        """The weeks to compare now, and the state of their threads and of those in which a guardian wrote today."""
        arrived = changes.written_today(self.house.stores)
        kid = kid_of(kem_public(self.owner.kem_seed))
        with self.house.stores.read_main() as main:
            compared = _first_of(outdated, changes.thread_counts(main)) if outdated else []
            states = changes.of_weeks(main, compared, kid, arrived) if compared else {}
            there = {facts.thread_id for facts in states}
            found = states | changes.of_threads(main, arrived.keys() - there, kid, arrived)
        return compared, {facts: state for facts, state in found.items() if facts.week in self.weeks}

    def _open(self, stale: Sequence[ThreadFacts], states: States, texts: dict[dt.date, dict[str, str]]) -> set[dt.date]:
        """Make new cards, and collect the texts that go with them; returns the weeks that are not finished."""
        opened = 0
        for tried, (facts, flag) in enumerate(self._flags(stale)):
            # one more than the most, so that whether more is left does not depend on what she cannot open
            if opened > MOST or tried >= TRIED:
                self.behind = True
                return {one.week for one in stale[tried:]}
            opened += flag is not None
            self._replace(facts, flag, states[facts])
            texts.setdefault(facts.week, {})[facts.thread_id.hex()] = told_text(flag) if flag else ""
        self.behind = opened > MOST
        return set()

    def _flags(self, stale: Sequence[ThreadFacts]) -> Iterator[tuple[ThreadFacts, Flag | None]]:
        for start in range(0, len(stale), CHUNK):
            some = stale[start : start + CHUNK]
            flags = {
                flag.facts.thread_id: flag for flag in read_flags(self.house, self.reader.desk, self.visitor, some)
            }
            yield from ((facts, flags.get(facts.thread_id)) for facts in some)

    def _replace(self, facts: ThreadFacts, flag: Flag | None, state: State) -> None:
        held, thread = self.weeks[facts.week], facts.thread_id.hex()
        held.drop(thread)
        if flag is None:
            held.shut[thread] = state.token
        else:
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
