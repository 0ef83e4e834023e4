"""Which flags the inbox shows, and how many there are of each sort."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from concerns.themes.rules import OTHER
from concerns.triage.inbox.order import in_order, wants_second
from concerns.triage.index.card import Card
from concerns.triage.index.service import Index

PAGE = 20


#: the groups of the inbox, by their word in an address
GROUPS: Mapping[str, str] = {
    "open": "Open",
    "new": "New",
    "waits": "Waits for you",
    "concluded": "Concluded",
    "all": "All",
}
FIRST_GROUP = "open"


@dataclass(frozen=True)
class Sieve:
    """What a guardian asked to see; empty choices leave everything in."""

    group: str = FIRST_GROUP
    status: str = ""
    theme: str = ""
    area: str = ""
    #: codes that count as this area: its own, and those of areas that became a part of it
    areas: frozenset[str] = frozenset()
    mine: bool = False
    second: bool = False
    unread: bool = False

    @property
    def fine(self) -> bool:
        """Whether anything but a group was chosen."""
        return bool(self.status or self.theme or self.area or self.mine or self.second or self.unread)

    @property
    def address(self) -> dict[str, str]:
        """The choices as an address says them, without the group."""
        ticked = {name: "yes" for name in ("mine", "second", "unread") if getattr(self, name)}
        chosen = (("status", self.status), ("theme", self.theme), ("area", self.area))
        return {name: value for name, value in chosen if value} | ticked

    @property
    def place(self) -> dict[str, str]:
        """The same with the group, where it is not the first one: for whatever leads away from the list and back."""
        return ({"show": self.group} if self.group != FIRST_GROUP else {}) | self.address


@dataclass(frozen=True)
class Sifted:
    """The flags that remain, in their order, and how many each group has."""

    cards: tuple[Card, ...]
    counts: Mapping[str, int]


def sift(index: Index, sieve: Sieve, today: dt.date, themes: Collection[str]) -> Sifted:
    """Choose and sort. `themes` are the codes in use: any other one fits none of them.

    Closed flags are read only where they are asked for, so that the open ones come as fast in ten years as today.
    """
    whole = sieve.fine or sieve.group in ("concluded", "all")
    chosen = [card for card in (index.cards if whole else index.open) if _passes(card, sieve, index, themes)]
    left = 0 if whole else index.closed_number
    open_ = [card for card in chosen if not card.closed]
    finished = [card for card in chosen if card.finished]
    groups = {
        "open": open_,
        "new": [card for card in open_ if not card.sorted],
        "waits": [card for card in open_ if card.waits],
        "concluded": finished,
        "all": chosen,
    }
    extra = {"concluded": left, "all": left}
    counts = {name: len(groups[name]) + extra.get(name, 0) for name in GROUPS}
    return Sifted(tuple(in_order(groups[sieve.group], index.me, today)), counts)


def next_of(cards: Sequence[Card], thread: str, me: str, today: dt.date) -> Card | None:
    """The flag to go on with after one, in the order of a list; None after the last one.

    What she sorted today already is passed over, unless something in it waits: sorting a flag moves it down the list.
    Where the flag is not on the list, as after a search, the first one is next.
    """
    place = next((place for place, card in enumerate(cards) if card.thread == thread), -1)
    return next((card for card in cards[place + 1 :] if not _done_today(card, me, today)), None)


def _done_today(card: Card, me: str, today: dt.date) -> bool:
    sorted_it = card.last_day == today.toordinal() and list(card.sorters[-1:]) == [me]
    return sorted_it and not (card.waits or card.serious)


def _passes(card: Card, sieve: Sieve, index: Index, themes: Collection[str]) -> bool:
    if not sieve.fine:
        return True
    return (
        (not sieve.status or card.status == sieve.status)
        and (not sieve.theme or _about(card, sieve.theme, themes))
        and (not sieve.area or card.area in (sieve.areas or {sieve.area}))
        and (not sieve.mine or card.holder == index.me)
        and (not sieve.second or wants_second(card, index.me))
        and (not sieve.unread or index.unread(card))
    )


def _about(card: Card, theme: str, themes: Collection[str]) -> bool:
    if theme == OTHER:
        return bool(card.primary) and card.primary not in themes
    return theme == card.primary or theme in card.themes
