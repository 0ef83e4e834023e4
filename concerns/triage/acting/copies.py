"""The original of a flag as it is handed over: what the reporter told, with its number and who gets it on each page.

Never in it: how to reach the reporter, what guardians wrote, what was added after the first guardian proposed it, photos,
and, unless the reporter's newest word on it agrees, how they are treated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from concerns.sealing.chain import Standing
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import listed, number_said, said
from concerns.triage import acts
from concerns.triage.acting import pairs
from concerns.triage.acting.gate import may_tell_treatment
from concerns.triage.acting.rules import HAND_OVER_GROUNDS, RECIPIENTS
from concerns.triage.acts import Proposal
from concerns.triage.case.marked import plain
from concerns.triage.reading import Entry, Flag
from concerns.triage.wording import FACTORS, KINDS

HAND_OVER = "hand over"
#: signs of an entry's name: enough to tell those of one thread apart
SHORT = 12
#: additions shown on the page of the gate
NEWEST = 5


@dataclass(frozen=True)
class Copy:
    """One numbered copy for one named recipient."""

    number: int
    recipient: str
    name: str
    ground: str
    #: the two guardians and the day on which the second one agreed
    guardians: tuple[str, str]
    day: str
    week: str
    area: str
    kind: str
    #: (heading, text)
    told: tuple[tuple[str, str], ...]
    #: how many photos there are to see with a guardian
    photos: int

    @property
    def title(self) -> str:
        return f"Copy {self.number} for {self.name}"


def number_of(proposal: Proposal) -> int:
    """The number that the second guardian's agreement gave; 0 before it."""
    return number_said(proposal.agreed.act, "number") if proposal.agreed else 0


def next_number(flag: Flag) -> int:
    """Copies of one flag are counted from 1; a number is never used again."""
    return 1 + max((number_said(entry.act, "number") for entry in acts.acts(flag, "agree")), default=0)


def along(flag: Flag) -> list[str]:
    """The additions that go along with a copy that is proposed now, by the beginning of their names."""
    return [entry.link[:SHORT] for entry in _additions(flag)]


def newest(flag: Flag) -> list[tuple[str, str]]:
    """The newest texts that the reporter added: (week in words, text)."""
    texts = [entry for entry in flag.entries if entry.kind is Kind.DETAIL and entry.text]
    return [(pairs.in_words(entry.week), visible(entry.text)) for entry in texts[-NEWEST:]]


def copy_of(flag: Flag, proposal: Proposal, area: str, photos: int) -> Copy:
    """The copy that two guardians agreed to: of what was added, what went along when it was proposed."""
    agreed = proposal.agreed
    if agreed is None:
        raise ValueError("nobody agreed")
    content, week = proposal.content, flag.facts.week
    return Copy(
        number=number_of(proposal),
        recipient=RECIPIENTS.get(said(content, "recipient"), ""),
        name=visible(said(content, "name")),
        ground=HAND_OVER_GROUNDS.get(said(content, "ground"), ""),
        guardians=(proposal.entry.guardian or "", agreed.guardian or ""),
        day=pairs.in_words(agreed.day or agreed.week),
        week=pairs.in_words(week),
        area=area,
        kind=KINDS.get(flag.told("kind"), ""),
        told=tuple(_told(flag, listed(content, "along"))),
        photos=photos,
    )


def visible(text: str) -> str:
    """A text with each sign that cannot be seen, such as one that turns words around, shown by its number."""
    return "".join(piece.text for piece in plain(text))


def _told(flag: Flag, wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    factors = ", ".join(name for code, name in FACTORS.items() if code in listed(flag.thread.flag, "factors"))
    for heading, text in (
        ("What happened, or what worries them", flag.told("text")),
        ("What made it more likely", "\n".join(filter(None, (factors, flag.told("cause"))))),
        ("What would help", flag.told("help")),
    ):
        if text:
            yield heading, visible(text)
    for entry in _additions(flag):
        if entry.link[:SHORT] in wanted:
            doubt = "" if entry.standing is Standing.PROVEN else " (not proven to be the same person)"
            yield f"Added in the week of {pairs.in_words(entry.week)}{doubt}", visible(entry.text)


def _additions(flag: Flag) -> Iterator[Entry]:
    """Additions go along; how the reporter is treated only where their newest word agrees, answers about the service never."""
    kept_back = {"closing"} if may_tell_treatment(flag) else {"closing", "detriment"}
    for entry in flag.entries:
        if entry.kind is Kind.DETAIL and entry.text and entry.about not in kept_back:
            yield entry
