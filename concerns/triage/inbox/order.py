"""The order of the inbox: what cannot wait stands first."""

import datetime as dt
from collections.abc import Iterable
from enum import IntEnum

from concerns.triage.index.card import Card


class Rank(IntEnum):
    """Why a flag stands where it stands, the most urgent first."""

    DANGER = 0
    READ_FIRST = 1
    TREATED_BADLY = 2
    DUE = 3
    WAITS = 4
    REST = 5


def in_order(cards: Iterable[Card], me: str, today: dt.date) -> list[Card]:
    """The most urgent first; what is due today before what is late; the rest by week. Never in an order of arrival."""

    def place(card: Card) -> tuple[int, int, int, str]:
        rank = rank_of(card, me, today.toordinal())
        return rank, -due_day(card, me) if rank == Rank.DUE else 0, -card.week.toordinal(), card.thread

    return sorted(cards, key=place)


def rank_of(card: Card, me: str, today: int) -> Rank:
    """Why it stands where it stands; `today` is an ordinal."""
    if card.danger and not card.sorted:
        return Rank.DANGER
    if card.serious:
        return Rank.READ_FIRST
    if card.detriment and not card.detriment_answered:
        return Rank.TREATED_BADLY
    if 0 < due_day(card, me) <= today:
        return Rank.DUE
    return Rank.WAITS if card.waits else Rank.REST


def due_day(card: Card, me: str) -> int:
    """The first day on which she owes something here, as an ordinal; 0 for none."""
    if not wants_second(card, me):
        return card.owed_day
    return min(card.owed_day or card.second, card.second)


def wants_second(card: Card, me: str) -> bool:
    """Whether somebody else sorted it alone, so that she may be its second reader."""
    return card.second > 0 and not card.finished and me not in card.sorters
