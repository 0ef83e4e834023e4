"""Gathers what every check finds, in the groups of the page."""

from dataclasses import dataclass

from concerns.founding.finding import Finding
from concerns.founding.verifying import verify
from concerns.store.house import House

#: heading -> the checks under it, in their order
GROUPS = {
    "Keys and rules": ("charter", "policy", "shares"),
    "Copies": ("copies",),
    "Daily work and letters": ("collecting", "duties"),
    "Server": ("settings", "certificate", "disk"),
    "What is stored": ("stores", "schema", "ledger", "log", "leaders"),
    "Organisation": ("organisation", "rehearsal", "languages"),
}
#: each frozen release has a line on a terminal, to be held against a print; whether an envelope lacks a reader tells of flags
NOT_HERE = frozenset({"release", "wraps"})


@dataclass(frozen=True)
class Group:
    """Some findings under one heading, faults first."""

    heading: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Health:
    """The whole of the page."""

    groups: tuple[Group, ...]
    faults: int
    #: what should be seen to and is no fault
    asks: int


def health(house: House) -> Health:
    """Run every check. Nothing of any flag is among the answers: no number, and no time finer than a day."""
    findings = [one for one in verify(house, []) if one.name not in NOT_HERE]
    placed = {name for names in GROUPS.values() for name in names}
    named = {heading: [one for one in findings if one.name in names] for heading, names in GROUPS.items()}
    named["More"] = [one for one in findings if one.name not in placed]
    return Health(
        tuple(Group(heading, tuple(sorted(those, key=_urgency))) for heading, those in named.items() if those),
        sum(one.good is False for one in findings),
        sum(one.asks for one in findings),
    )


def _urgency(finding: Finding) -> int:
    if finding.good is False:
        return 0
    return 1 if finding.asks else 2
