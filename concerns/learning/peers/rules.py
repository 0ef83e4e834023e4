"""The rules of peers: what they may write about, how long they stay, and what an insular organisation looks like."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.learning.promises.rules import TYPES

QUESTION, STRENGTH = "question", "strength"
#: a question, something that is good, or a note of one of the kinds of action
KINDS: Mapping[str, str] = {
    QUESTION: "Question",
    STRENGTH: "Something that is good here",
    **{code: f"Note: {name.partition(':')[0].lower()}" for code, name in TYPES.items()},
}


@dataclass(frozen=True)
class Fact:
    """One line of the panel: what is counted, how many, and whether it looks inward."""

    name: str
    value: str
    inward: bool
    why: str


@dataclass(frozen=True)
class Outside:
    """What the organisation lets in from outside, without any flag."""

    guardians: int
    stand_ins: int
    peers: int
    actions: int
    structural: int
    owed: int
    overdue: int
    answers: int
    not_adopted: int
    reports: int


#: why each line matters
_WHY = {
    "Guardians from outside": "Somebody from outside reads when a flag is about the guardians themselves.",
    "Peers in the last 12 months": "Peers saw early what people inside had got used to.",
    "Actions that change structures": "A new structure leaves the way people treat each other as it was.",
    "Promises that are overdue": "Staff watch what follows.",
    "Answers that say “we decided not to”": "Saying why not is honest. Saying it nearly always is not listening.",
    "Reports frozen in the last 12 months": "Without reports nobody outside the guardians learns anything.",
}


def panel(seen: Outside) -> tuple[Fact, ...]:
    """The panel in plain words. Organisations that failed had often looked inward for years."""
    found = (
        (f"{seen.stand_ins} of {seen.guardians}", seen.stand_ins == 0),
        (str(seen.peers), seen.peers == 0),
        (f"{seen.structural} of {seen.actions}", 2 * seen.structural > seen.actions),
        (f"{seen.overdue} of {seen.owed}", seen.overdue > 0),
        (f"{seen.not_adopted} of {seen.answers}", 2 * seen.not_adopted > seen.answers),
        (str(seen.reports), seen.reports == 0),
    )
    return tuple(Fact(name, *one, why) for (name, why), one in zip(_WHY.items(), found, strict=True))


def a_year_before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=365)
