"""Flags that tell something like one flag: what they say is compared, never how, and never who may have said it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from concerns.areas.rules import NOT_SAID
from concerns.people.access import Visitor
from concerns.store.house import House
from concerns.themes import likeness
from concerns.triage.index import service as index
from concerns.triage.index.card import Card, told_text
from concerns.triage.reading import Desk, Flag

#: tellings of one event come within so many weeks of each other
NEAR = dt.timedelta(weeks=5)
#: flags compared in one request: the nearest in time, or for the longer list the newest
MOST_NEAR, MOST_NEWEST = 150, 2000
SHOWN, OF_MONTH, MORE = 3, 20, 10


class Alike(NamedTuple):
    """A flag like another one, from 0 to 1."""

    card: Card
    likeness: float
    #: word for word the same: perhaps it was sent twice
    repeat: bool


def alike(house: House, desk: Desk, visitor: Visitor, flag: Flag, standing: Mapping[str, str]) -> list[Alike]:
    """At most three flags of the same area, within five weeks, that may tell of the same event; the likest first.

    A flag without an area may belong to any. Those that are linked with it already are left out. `standing` says of
    each area's code what it counts as today.
    """
    cards = index.lazily(house, desk, visitor).near(flag.facts.week, NEAR)
    own = _own(cards, flag)
    said = own.area if own else flag.told("area")
    area = standing.get(said, said)
    pool = [
        card
        for card in cards
        if (standing.get(card.area, card.area) == area or {card.area, area} & {"", NOT_SAID})
        and not (own and own.event and own.event == card.event)
    ]
    return _ranked(house, desk, visitor, flag, _near(pool, flag), likeness.FLOOR, SHOWN)


def this_month(house: House, desk: Desk, visitor: Visitor, flag: Flag) -> list[Alike]:
    """The flags of the five weeks around a flag, of all areas, whatever their likeness; the likest first."""
    pool = _near(index.lazily(house, desk, visitor).near(flag.facts.week, NEAR), flag)
    found = _ranked(house, desk, visitor, flag, pool, 0.0, OF_MONTH)
    listed = {one.card.thread for one in found}
    rest = [Alike(card, 0.0, repeat=False) for card in pool if card.thread not in listed]
    return [*found, *rest][:OF_MONTH]


def more_like(house: House, desk: Desk, visitor: Visitor, flag: Flag) -> list[Alike]:
    """Up to ten flags that have most in common with one, among the newest of all areas and weeks."""
    own = flag.facts.thread_id.hex()
    cards = [card for card in index.cards(house, desk, visitor).cards if card.thread != own]
    newest = sorted(cards, key=lambda card: (-card.week.toordinal(), card.thread))[:MOST_NEWEST]
    return _ranked(house, desk, visitor, flag, newest, 0.0, MORE)


def _own(cards: Sequence[Card], flag: Flag) -> Card | None:
    return next((card for card in cards if card.thread == flag.facts.thread_id.hex()), None)


def _near(cards: Sequence[Card], flag: Flag) -> list[Card]:
    """The other flags among those around one, the nearest in time first."""
    own, week = flag.facts.thread_id.hex(), flag.facts.week
    near = [card for card in cards if card.thread != own]
    return sorted(near, key=lambda card: (abs(card.week - week), card.thread))[:MOST_NEAR]


def _ranked(
    house: House, desk: Desk, visitor: Visitor, flag: Flag, pool: Sequence[Card], floor: float, most: int
) -> list[Alike]:
    texts: Mapping[str, str] = index.texts(house, desk, visitor, {card.week for card in pool}) if pool else {}
    told = told_text(flag)
    found = likeness.similar(told, [texts.get(card.thread, "") for card in pool], floor, most)
    return [
        Alike(pool[one.place], one.likeness, likeness.same(told, texts.get(pool[one.place].thread, "")))
        for one in found
    ]
