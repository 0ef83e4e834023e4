"""Steps beside sorting that guardians take in a thread, the two-person steps among them.

An act stands inside a signed triage record that sorts nothing (`Work(looked=True, act=…)`). Whatever no guardian signed
counts for nothing. Of a two-person step one guardian writes her part and another one agrees, on whatever day she comes.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from concerns.sealing.saying import said
from concerns.triage.reading import Entry

#: how long a proposal waits for the second person
DAYS_TO_AGREE = 21


class Written(Protocol):
    """A flag, or what a close reads of one: what was written in its thread, in that order."""

    @property
    def entries(self) -> Sequence[Entry]: ...


@dataclass(frozen=True)
class Proposal:
    """One guardian's part of a two-person step, and the other's where she agreed."""

    entry: Entry
    agreed: Entry | None
    withdrawn: bool

    @property
    def content(self) -> Mapping[str, Any]:
        return self.entry.act

    @property
    def link(self) -> str:
        return self.entry.link

    def lasts_until(self) -> dt.date:
        """The last day on which somebody may agree."""
        return (self.entry.day or self.entry.week) + dt.timedelta(days=DAYS_TO_AGREE)

    def waits(self, today: dt.date) -> bool:
        """Whether a second person may still agree."""
        return self.agreed is None and not self.withdrawn and today <= self.lasts_until()


def proposed(what: str, **content: Any) -> dict[str, Any]:
    """The first person's part of a two-person step."""
    return {"do": "propose", "what": what, **content}


def agreed_to(link: str) -> dict[str, Any]:
    """The second person's part."""
    return {"do": "agree", "to": link}


def withdrawn_from(link: str) -> dict[str, Any]:
    """Either person stops a step that waits."""
    return {"do": "withdraw", "to": link}


def acts(flag: Written, do: str) -> list[Entry]:
    """The proven acts of one sort, in the order in which they were written."""
    return [entry for entry in flag.entries if entry.proven and entry.guardian and said(entry.act, "do") == do]


def proposals(flag: Written, what: str) -> list[Proposal]:
    """Every proposal of one sort. Only another person's agreement counts, in time, and only the first one."""
    withdrawn = {said(entry.act, "to") for entry in acts(flag, "withdraw")}
    return [
        Proposal(entry, _agreement(flag, entry), entry.link in withdrawn)
        for entry in acts(flag, "propose")
        if said(entry.act, "what") == what
    ]


def _agreement(flag: Written, entry: Entry) -> Entry | None:
    last = (entry.day or entry.week) + dt.timedelta(days=DAYS_TO_AGREE)
    for other in acts(flag, "agree"):
        in_time = other.day is not None and other.day <= last
        # a guardian who made new keys meanwhile is still the same person
        if (
            said(other.act, "to") == entry.link
            and other.guardian != entry.guardian
            and other.signer != entry.signer
            and in_time
        ):
            return other
    return None
