"""What other rooms ask of the index: the cards of every flag that a guardian can open, and the texts they tell."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import g, has_request_context

from concerns.people.access import Visitor
from concerns.sealing import shelf
from concerns.sealing.shelf import TEXTS, Owner
from concerns.sealing.signing import sign_public
from concerns.sealing.text import canonical
from concerns.store.house import House
from concerns.themes.packs import load_pack
from concerns.triage.index.card import SHORT, Card, short
from concerns.triage.index.changes import hash_of
from concerns.triage.index.making import Reader
from concerns.triage.index.reads import was_read
from concerns.triage.index.refreshing import Shelf
from concerns.triage.index.seeing import shown_to
from concerns.triage.index.serious import serious_words
from concerns.triage.index.shards import unpack_texts
from concerns.triage.index.week import Week
from concerns.triage.reading import Desk, Flag

#: raised with every change to what a card holds or how it is made: all cards are then made anew
VERSION = 7


@dataclass(frozen=True)
class Index:
    """What one guardian's desk knows, within one request. What is asked of some weeks reads those weeks alone."""

    house: House
    #: what brings the weeks
    held: Shelf
    #: the guardian, as cards name persons
    me: str
    #: for a stand-in, what says which flags she may see now
    shows: Callable[[Card], bool] | None = None

    @property
    def part_only(self) -> bool:
        """She is a stand-in."""
        return self.shows is not None

    @cached_property
    def weeks(self) -> Mapping[dt.date, Week]:
        """All of them."""
        self.held.bring()
        return self._shown(self.held.weeks)

    @property
    def behind(self) -> bool:
        """Older flags are still to be opened, at her next requests."""
        self.held.bring()
        return self.held.behind

    @cached_property
    def states(self) -> Mapping[dt.date, str]:
        """By week, what stays the same while no flag of it changes."""
        if self.shows is None:
            return self.held.states
        # what was learnt from a flag that she may not see any more is forgotten with it
        return {
            week: hash_of(one.encode() for one in (state, *self.weeks[week].cards))
            for week, state in self.held.states.items()
        }

    @cached_property
    def read(self) -> Mapping[str, str]:
        """What she last saw of each flag (a card's `news`), by the first digits of its thread's id."""
        return was_read(self.house, self.held.owner)

    @cached_property
    def open(self) -> tuple[Card, ...]:
        """Those in which something is left to do: so many, however old the service grows."""
        return tuple(card for held in self.weeks.values() for card in held.open.values())

    @property
    def closed_number(self) -> int:
        return sum(held.closed_number for held in self.weeks.values())

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """All of them, in no order that tells anything. This reads closed ones too: ask for it where they matter."""
        closed = (card for held in self.weeks.values() for card in held.closed.values())
        return (*self.open, *closed)

    @property
    def damaged(self) -> dict[dt.date, int]:
        """How many flags of each week were sealed for her and cannot be opened: somebody changed them in the store."""
        found = {week: len(held.damaged) for week, held in sorted(self.weeks.items(), reverse=True)}
        return {week: number for week, number in found.items() if number}

    def of_weeks(self, weeks: Collection[dt.date] | None) -> list[Card]:
        """The cards of these weeks, or of all: no other week's are read."""
        self.held.bring(weeks)
        some = {week: held for week, held in self.held.weeks.items() if weeks is None or week in weeks}
        return [card for held in self._shown(some).values() for card in held.cards.values()]

    def near(self, week: dt.date, within: dt.timedelta) -> list[Card]:
        """The cards of the weeks around one: no other week's are read."""
        return self.of_weeks({one for one in self.held.states if abs(one - week) <= within})

    def card(self, flag: Flag) -> Card | None:
        """The card of an opened flag."""
        thread = flag.facts.thread_id.hex()
        return next((card for card in self.of_weeks({flag.facts.week}) if card.thread == thread), None)

    def texts(self, weeks: Collection[dt.date] | None) -> dict[str, str]:
        """All that was told in each flag of these weeks, or of all, by thread (in hex).

        To a stand-in it gives more than she may see: nothing of it is shown to her but what belongs to a card of hers.
        A text that was cut, which only very long ones are, ends with `shards.CUT`.
        """
        self.held.bring(weeks)
        found: dict[str, str] = {}
        for payload in shelf.read(self.house.stores, self.held.owner, TEXTS, weeks).values():
            found |= unpack_texts(payload)
        # what was opened for this page alone is not on the shelf yet
        for week, opened in self.held.texts.items():
            found |= opened if weeks is None or week in weeks else {}
        # a flag that she cannot open any more has none
        return {thread: text for thread, text in found.items() if text}

    def unread(self, card: Card) -> bool:
        """Whether something stands in it that she has neither read nor written herself."""
        return not card.mine_last and self.read.get(card.thread[:SHORT]) != card.news

    def _shown(self, weeks: Mapping[dt.date, Week]) -> Mapping[dt.date, Week]:
        """Of each week what she may see."""
        shows = self.shows
        return weeks if shows is None else {week: held.only(shows) for week, held in weeks.items()}


def cards(house: House, desk: Desk, visitor: Visitor) -> Index:
    """Every flag that this guardian can open, from her shelf; what changed since is opened on the way, within bounds.

    Within one request to the desk it is made once, whoever asks.
    """
    found = lazily(house, desk, visitor)
    found.held.bring()
    return found


def lazily(house: House, desk: Desk, visitor: Visitor) -> Index:
    """The same; nothing of it is read until it is asked for."""
    if not has_request_context():
        return _index(house, desk, visitor)
    if "index" not in g or g.index.me != short(visitor.person_id):
        g.index = _index(house, desk, visitor)
    found: Index = g.index
    return found


def look_again(house: House, desk: Desk, visitor: Visitor, thread_id: bytes) -> None:
    """Make the card of a thread anew: what a page found in it is not what its card says."""
    g.index = _index(house, desk, visitor, [thread_id])
    g.index.held.bring()


def _index(house: House, desk: Desk, visitor: Visitor, again: Collection[bytes] = ()) -> Index:
    serious = serious_words(load_pack(desk.sector).serious)
    reader = Reader(desk, visitor.person_id, sign_public(visitor.sign_seed), serious)
    owner = Owner(desk.site_id, visitor.person_id, visitor.kem_seed)
    held = Shelf(house, visitor, owner, reader, _rules(reader), again)
    return Index(house, held, short(visitor.person_id), shown_to(house, desk, visitor))


def texts(house: House, desk: Desk, visitor: Visitor, weeks: Collection[dt.date] | None = None) -> dict[str, str]:
    """All that was told in each flag of these weeks, or of all: `Index.texts`."""
    return lazily(house, desk, visitor).texts(weeks)


def _rules(reader: Reader) -> str:
    """A word that changes with whatever cards depend on beside their threads."""
    charter = reader.desk.charter
    rules = [
        VERSION,
        list(reader.serious.words),
        [[str(one.first_day), dict(one.policy.clocks)] for one in charter.policies],
        sorted(one.hex() for one in charter.manifest.kids),
        sorted(one.person_id.hex() for one in charter.manifest.first_readers),
    ]
    return hashlib.sha256(canonical(rules)).hexdigest()[:SHORT]
