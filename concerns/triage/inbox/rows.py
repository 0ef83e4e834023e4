"""What one row of the inbox says about a flag, and the headings above the rows."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from concerns.triage.inbox.order import Rank, rank_of, wants_second
from concerns.triage.index.card import Card
from concerns.triage.index.service import Index
from concerns.triage.rules import WORRIES, Due
from concerns.triage.wording import came

HEADINGS = {
    Rank.DANGER: "Someone may be in danger",
    Rank.READ_FIRST: "Read first",
    Rank.TREATED_BADLY: "Treated badly for speaking up",
    Rank.DUE: "Due today or overdue",
    Rank.WAITS: "Wait for an answer",
}


@dataclass(frozen=True)
class InboxRow:
    """A flag in the inbox, in words."""

    thread: str
    week: dt.date
    words: str
    #: (words, colour of the tag), the most urgent first
    marks: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    danger: bool
    unread: bool


@dataclass(frozen=True)
class Names:
    """What codes are called here."""

    areas: Mapping[str, str]
    themes: Mapping[str, str]


def grouped(cards: Sequence[Card], index: Index, names: Names, today: dt.date) -> list[tuple[str, list[InboxRow]]]:
    """The rows under their headings; a heading of what is not urgent is its week."""

    def heading(card: Card) -> str:
        return HEADINGS.get(rank_of(card, index.me, today.toordinal()), _week(card))

    return [
        (name, [_row(card, index, names, today, name) for card in some]) for name, some in groupby(cards, key=heading)
    ]


def _row(card: Card, index: Index, names: Names, today: dt.date, heading: str) -> InboxRow:
    unread = index.unread(card)
    return InboxRow(
        thread=card.thread,
        week=card.week,
        words=card.words or "No words",
        marks=tuple(_marks(card, index, today)),
        facts=tuple(fact for fact in _facts(card, names, today, heading) if fact),
        danger=card.danger,
        unread=unread,
    )


def _marks(card: Card, index: Index, today: dt.date) -> Iterable[tuple[str, str]]:
    due = _due(card)
    possible = (
        (card.danger, "Danger", "red"),
        (bool(card.serious), f"Read first: {', '.join(card.serious)}", "red"),
        (card.detriment, "Says they are being treated badly", "red"),
        (due is not None and due.overdue(today), "Overdue", "orange"),
        (card.worry == "very", "Very worried", "yellow"),
        (card.doubted, "Record not signed by a guardian", "red"),
        (card.damaged, "Something in it is missing or was changed", "red"),
        (card.asked_until >= today.toordinal(), "Waits for your agreement", "turquoise"),
        (card.waits, "Waits for you", "turquoise"),
        (wants_second(card, index.me), "Second reader", "purple"),
        (index.unread(card), "Not read yet", "blue"),
    )
    return ((words, colour) for holds, words, colour in possible if holds)


def _facts(card: Card, names: Names, today: dt.date, heading: str) -> Iterable[str]:
    due = _due(card)
    yield names.areas.get(card.area, "Area not said")
    yield names.themes.get(card.primary, "None of these fits" if card.primary else "")
    yield "" if card.worry == "very" else WORRIES.get(card.worry, "")
    yield card.step.name
    yield f"{due.what} by {_day(due.day, today)}" if due else ""
    yield (
        f"Second reader by {_day(dt.date.fromordinal(card.second), today)}" if card.second and not card.finished else ""
    )
    yield f"{card.messages} {'message' if card.messages == 1 else 'messages'}" if card.messages else ""
    yield "" if card.tier == "open" else came(card.tier, card.channel)
    yield "Told by several" if card.event else ""
    yield "" if heading == _week(card) else _week(card)


def _due(card: Card) -> Due | None:
    return Due(card.owed, dt.date.fromordinal(card.owed_day)) if card.owed_day else None


def _week(card: Card) -> str:
    return f"Week of {card.week.day} {card.week:%B %Y}"


def _day(day: dt.date, today: dt.date) -> str:
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"
