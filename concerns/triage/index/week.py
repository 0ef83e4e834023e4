"""What a guardian's shelf holds of one week: her cards, and which threads she cannot open."""

import datetime as dt
from collections.abc import Callable, Collection
from functools import cached_property

from concerns.triage.index.card import Card


class Week:
    """The cards of one week, as they stand on the shelf. They are read only where somebody asks, the closed ones apart."""

    def __init__(self, week: dt.date, stamp: str = "", shut: dict[str, str] | None = None) -> None:
        """An empty week."""
        self.week = week
        #: what all of it was compared with; empty while something of it is left to do
        self.stamp = stamp
        #: threads that she cannot open, with what they looked like: they are not tried again until they change
        self.shut = shut or {}
        #: those among them whose flag was sealed for her, and is not what was sealed: somebody changed it in the store
        self.damaged: set[str] = set()
        #: of threads in which guardians wrote on the day of the last look, a hash of what they wrote
        self.waiting: dict[str, str] = {}
        #: how many closed ones there are, and what reads them and the others
        self._number: int = 0
        self._read_open: Callable[[], dict[str, Card]] = dict
        self._read_closed: Callable[[], dict[str, Card]] = dict

    @cached_property
    def open(self) -> dict[str, Card]:
        return self._read_open()

    @cached_property
    def closed(self) -> dict[str, Card]:
        return self._read_closed()

    def leave(
        self, read_open: Callable[[], dict[str, Card]], number: int, read_closed: Callable[[], dict[str, Card]]
    ) -> None:
        """The cards are there, so many closed ones among them; these are called where somebody asks for them."""
        self._read_open, self._number, self._read_closed = read_open, number, read_closed

    @property
    def closed_number(self) -> int:
        return len(self.closed) if "closed" in vars(self) else self._number

    @property
    def cards(self) -> dict[str, Card]:
        """All of them, by thread."""
        return {**self.open, **self.closed}

    def token(self, thread: str) -> str | None:
        """What a thread looked like when it was tried."""
        card = self.open.get(thread) or self.closed.get(thread)
        return card.token if card else self.shut.get(thread)

    def only(self, shows: Callable[[Card], bool]) -> "Week":
        """The same week with nothing but the flags that may be shown; what it was made from stays as it is."""
        found = Week(self.week, self.stamp)
        # it tells nothing of what stood in them, and may be nobody else's to tell
        found.damaged = self.damaged
        for cards, shown in ((self.open, found.open), (self.closed, found.closed)):
            shown |= {thread: card for thread, card in cards.items() if shows(card)}
        return found

    def put(self, card: Card) -> None:
        """Keep a card in place of what was known of its thread."""
        self.drop(card.thread)
        (self.closed if card.closed else self.open)[card.thread] = card

    def drop(self, thread: str) -> None:
        """Forget a thread."""
        for known in (self.open, self.closed, self.shut):
            known.pop(thread, None)
        self.damaged.discard(thread)

    def drop_all_but(self, there: Collection[str]) -> None:
        """Forget every other thread."""
        for thread in {*self.cards, *self.shut} - set(there):
            self.drop(thread)
