"""Finds what is due to be deleted among the flags that one guardian can open, and lets it go."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

from concerns.audit.service import note
from concerns.people.access import Visitor
from concerns.sealing.letting_go import let_go, taken_back
from concerns.sealing.signing import sign_public
from concerns.store.house import House
from concerns.triage.index.card import Card, State
from concerns.triage.index.making import Reader, card_of
from concerns.triage.index.seeing import flags_for
from concerns.triage.index.serious import Serious
from concerns.triage.index.service import cards
from concerns.triage.queries import facts_of
from concerns.triage.reading import Desk
from concerns.triage.retaining import proving
from concerns.triage.retaining.calendar import closes, months_promised
from concerns.triage.retaining.rules import MOST, Kept, due_on, is_due


@dataclass(frozen=True)
class Due:
    """A flag that is due, and since when."""

    card: Card
    since: dt.date

    @property
    def concluded(self) -> dt.date:
        return dt.date.fromordinal(self.card.concluded)


@dataclass(frozen=True)
class PageOfDue:
    """What one press deletes, the longest due first; whether there is more, and whether older flags are still opened."""

    rows: tuple[Due, ...]
    more: bool
    behind: bool


def due(house: House, desk: Desk, visitor: Visitor) -> PageOfDue:
    """What is due today. Raises LedgerRefused or ProfileRefused."""
    index, gone, since = cards(house, desk, visitor), taken_back(house.stores), _since(house, desk)
    closed = (card for card in index.cards if card.closed and card.thread_id not in gone)
    found = sorted(
        (Due(card, day) for card in closed if (day := since(card)) is not None),
        key=lambda one: (one.since, one.card.thread),
    )
    return PageOfDue(tuple(found[:MOST]), len(found) > MOST, index.behind)


def delete(house: House, desk: Desk, visitor: Visitor, thread_ids: Collection[bytes]) -> int:
    """Let go those among these that are due, read anew; returns how many. Raises NotNoted, and as `due` does."""
    gone, since = taken_back(house.stores), _since(house, desk)
    asked = [one for one in dict.fromkeys(thread_ids) if one not in gone][:MOST]
    with house.stores.read_main() as main:
        facts = facts_of(main, asked)
    reader = Reader(desk, visitor.person_id, sign_public(visitor.sign_seed), Serious(()))
    read = [card_of(flag, State("", ""), reader) for flag in flags_for(house, desk, visitor, facts)]
    left = [card.thread_id for card in read if since(card) is not None]
    if not left:
        return 0
    # noted first: what cannot be noted is not done. Which flags, and how many, stands in no entry
    note(house, visitor.person_id, "deleted")
    proving.remember(house, desk, visitor, left)
    let_go(house.stores, left)
    return len(taken_back(house.stores).intersection(left))


def _since(house: House, desk: Desk) -> Callable[[Card], dt.date | None]:
    """Says of a card since when its flag has been due; None for one that is not."""
    calendar, today = closes(house, desk), house.today()
    promised = cache(lambda week: months_promised(desk.charter, week))

    def since(card: Card) -> dt.date | None:
        kept, months = _kept(card), promised(card.week)
        return due_on(kept, months) if is_due(kept, months, today, calendar) else None

    return since


def _kept(card: Card) -> Kept:
    return Kept(
        card.week,
        _day(card.concluded),
        _day(card.counts_since),
        owed=bool(card.owed) or not card.closed,
        held_until=_day(card.held_until),
    )


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None
