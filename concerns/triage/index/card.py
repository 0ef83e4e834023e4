"""A card: what the desk knows of one flag without opening it again."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from concerns.sealing.envelope import Kind
from concerns.triage.reading import Flag
from concerns.triage.rules import FINISHED, Step

#: how much of a person's or thread's id tells them apart here, in hex digits
SHORT = 16


class Card(NamedTuple):
    """Days are ordinals, 0 for none; persons are the first `SHORT` hex digits of their ids; texts are codes."""

    week: dt.date
    #: the thread's id, in hex
    thread: str
    #: of everything that this card was made from; another one means that it must be made anew
    token: str
    #: of everything that a guardian sees in the thread
    news: str
    tier: str
    words: str
    #: where it is: as a guardian sorted it, before that as the reporter said
    area: str
    worry: str
    consent: str
    language: str
    channel: str
    danger: bool
    #: the reporter says that she suffers for speaking up, and whether a guardian wrote to her since
    detriment: bool
    detriment_answered: bool
    #: the next day on which somebody who was treated badly is asked again, until the last of these checks is made
    check: int
    #: a guardian chose a theme, or took it past "received"
    sorted: bool
    status: str
    outcome: str
    primary: str
    themes: Sequence[str]
    #: of the newest record that sorts, and of the first one
    last_day: int
    first_day: int
    #: who sorted it, in the order in which they first did
    sorters: Sequence[str]
    #: who has it: to whom it was handed over, or who sorted it last
    holder: str
    #: what is owed next, and by when
    owed: str
    owed_day: int
    #: by when a second guardian should have read it; 0 where none is wanted
    second: int
    messages: int
    #: the newest message is the reporter's
    waits: bool
    #: she wrote the newest of all herself
    mine_last: bool
    doubted: bool
    #: something in the thread is missing, was changed, or does not open
    damaged: bool
    #: words of serious harm that ask for it to be read first: in what no record of a guardian has answered yet
    serious: Sequence[str]
    #: until when another guardian's proposal waits for her agreement
    asked_until: int
    event: str
    #: two guardians have not said that it is not from our staff
    ours: bool
    #: who of the guardians that read every day must not read it
    kept_out: Sequence[str]
    #: since when it has been concluded
    concluded: int
    #: since when a close counts it
    counts_since: int
    #: until when a legal hold keeps it, or a proposal that waits for anybody
    held_until: int

    @property
    def thread_id(self) -> bytes:
        return bytes.fromhex(self.thread)

    @property
    def step(self) -> Step:
        return Step(self.status, self.outcome or None)

    @property
    def finished(self) -> bool:
        return self.status in FINISHED

    @property
    def closed(self) -> bool:
        """Finished, and nothing in it waits for a guardian, now or on a day that was promised."""
        unheard = self.waits or bool(self.serious) or (self.detriment and not self.detriment_answered)
        return self.finished and not unheard and not self.check


class State(NamedTuple):
    """What a thread's stored envelopes look like from outside, to see whether a card is out of date."""

    token: str
    news: str


def short(person_id: bytes) -> str:
    """A person as a card names her."""
    return person_id.hex()[:SHORT]


def told_text(flag: Flag) -> str:
    """Everything that the reporter told in a flag, and what she added."""
    told = [flag.told(name) for name in ("text", "cause", "help")]
    added = [entry.text for entry in flag.entries if entry.kind is Kind.DETAIL]
    return "\n".join(text for text in (*told, *added) if text)
