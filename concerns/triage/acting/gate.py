"""The exposure gate and the just-culture check as they stand in a thread."""

import datetime as dt
from dataclasses import dataclass

from concerns.sealing.envelope import Kind
from concerns.sealing.saying import number_said, said
from concerns.triage import acts
from concerns.triage.acting.rules import ANSWERS, FAIR_RESULTS, GATE_GROUNDS, OPEN
from concerns.triage.reading import Entry, Flag

GATE, FAIR = "gate", "fair"


@dataclass(frozen=True)
class Gate:
    """The newest answer to "would acting on this show who spoke?"."""

    entry: Entry
    #: the reporter wrote after it: it has to be asked again
    stale: bool

    @property
    def answer(self) -> str:
        return said(self.entry.act, "answer")

    @property
    def ground(self) -> str:
        return said(self.entry.act, "ground")

    @property
    def open(self) -> bool:
        """Whether a guardian may act now."""
        return self.answer in OPEN and self.ground in GATE_GROUNDS and not self.stale

    @property
    def words(self) -> str:
        """The state in one sentence."""
        day = self.entry.day
        when = f", {day.day} {day:%B %Y}" if day else ""
        again = " The reporter has written since then: ask it again." if self.stale else ""
        return f"{ANSWERS.get(self.answer, 'Not answered')} ({self.entry.guardian}{when}).{again}"


def gate_of(flag: Flag) -> Gate | None:
    """The state of the gate; None where nobody has asked yet."""
    asked = acts.acts(flag, GATE)
    if not asked:
        return None
    return Gate(asked[-1], heard(flag) > number_said(asked[-1].act, "heard"))


def heard(flag: Flag) -> int:
    """How many messages of the reporter there are to read.

    Who asks the gate notes it: what was written before and collected after would stand before it in the thread's order.
    """
    return sum(entry.kind is Kind.DETAIL and entry.message for entry in flag.entries)


def gate_open(flag: Flag) -> bool:
    gate = gate_of(flag)
    return gate is not None and gate.open


def answered(flag: Flag) -> bool:
    """Whether the reporter has written in the thread, proven to be the same person."""
    return any(entry.kind is Kind.DETAIL and entry.message and entry.proven for entry in flag.entries)


def may_tell_treatment(flag: Flag) -> bool:
    """Whether the reporter agreed that others hear how they are treated: their newest word on it, proven, decides."""
    said_so = [entry for entry in flag.entries if entry.about == "detriment" and entry.proven]
    return bool(said_so) and said(said_so[-1].payload, "agree") == "yes"


def fair_of(flag: Flag) -> tuple[str, dt.date | None] | None:
    """What the newest just-culture check points to, in words, and its day; None where there was none."""
    done = acts.acts(flag, FAIR)
    if not done:
        return None
    return FAIR_RESULTS.get(said(done[-1].act, "result"), ""), done[-1].day
