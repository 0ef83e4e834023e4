"""The policy: one signed document of the rules that both doors follow."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from concerns.areas.questions import Questions
from concerns.sealing.text import canonical

CLOCKS = {
    "acknowledge_days": 7,
    "second_reader_working_days": 3,
    "update_days": 14,
    "feedback_months": 3,
    "watch_months": 12,
}

MONTHS_TO_CONCLUDE = 24

#: Σε over the declared kinds, and over everything one flag was ever counted in; in code, above any policy
CEILING = Fraction(2)
#: a table of how flags were handled may cost this much and no more
MOST_FOR_HANDLING = Fraction(1, 4)


class PolicyRefused(ValueError):
    """The document is not a policy that this version understands."""


@dataclass(frozen=True)
class Policy:
    """The rules in force. Fractions of ε are exact."""

    #: declared kinds of release and the ε of each, e.g. {"quarter": 1/2, "year": 1/2}
    kinds: Mapping[str, Fraction]
    #: smallest number that is ever shown
    floor: int = 10
    #: fewest staff behind an area node
    smallest_area: int = 20
    #: days from a period's end to its cut-off
    cutoff_days: int = 21
    #: hour of the day (UTC) from which arrivals are collected
    collect_hour: int = 3
    #: months from conclusion to purge
    retention_months: int = 12
    clocks: Mapping[str, int] = field(default_factory=lambda: dict(CLOCKS))
    #: whether staff see released tables on /answers
    answers_show_releases: bool = False
    #: what the report form asks, and in which words; the usual form where a document says nothing of it
    questions: Questions = field(default_factory=Questions)

    @property
    def latest_months(self) -> int:
        """Months from a flag's collection to its purge at the latest: time to conclude it, then the promised months."""
        return MONTHS_TO_CONCLUDE + self.retention_months

    @property
    def epsilon(self) -> Fraction:
        """What all declared kinds together can cost one flag."""
        return sum(self.kinds.values(), Fraction(0))


@dataclass(frozen=True)
class PolicyStep:
    """What a version after the first says beside its rules."""

    version: int
    #: the hash of the version before, in hex
    previous: str
    #: when it was drafted, and its first day
    day: dt.date
    first_day: dt.date
    #: the hash of the manifest whose guardians sign it
    manifest: str


def write_policy(
    policy: Policy, version: int, previous: str | None, site: str, step: Mapping[str, Any] | None = None
) -> bytes:
    """The document that guardians sign; `step` holds what a later version says beside its rules (see `write_change`)."""
    return canonical(
        {
            "chain": "policy",
            "version": version,
            "previous": previous,
            "site": site,
            "kinds": {kind: str(epsilon) for kind, epsilon in policy.kinds.items()},
            "floor": policy.floor,
            "smallest_area": policy.smallest_area,
            "cutoff_days": policy.cutoff_days,
            "collect_hour": policy.collect_hour,
            "retention_months": policy.retention_months,
            "clocks": dict(policy.clocks),
            "answers_show_releases": policy.answers_show_releases,
            "questions": policy.questions.stored,
            **(step or {}),
        }
    )


def write_change(policy: Policy, step: PolicyStep, site: str) -> bytes:
    """The document of a version after the first."""
    said = {"day": step.day.isoformat(), "from": step.first_day.isoformat(), "manifest": step.manifest}
    return write_policy(policy, step.version, step.previous, site, said)


def read_change(document: bytes) -> PolicyStep:
    """What a later version says beside its rules. Raises PolicyRefused."""
    try:
        parts: dict[str, Any] = json.loads(document)
        return PolicyStep(
            version=int(parts["version"]),
            previous=str(parts["previous"]),
            day=dt.date.fromisoformat(parts["day"]),
            first_day=dt.date.fromisoformat(parts["from"]),
            manifest=str(parts["manifest"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise PolicyRefused("cannot be read") from error


def read_policy(document: bytes) -> Policy:
    """The policy in a document. Raises PolicyRefused."""
    try:
        parts: dict[str, Any] = json.loads(document)
        return Policy(
            kinds={str(kind): Fraction(str(epsilon)) for kind, epsilon in parts["kinds"].items()},
            floor=int(parts["floor"]),
            smallest_area=int(parts["smallest_area"]),
            cutoff_days=int(parts["cutoff_days"]),
            collect_hour=int(parts["collect_hour"]),
            retention_months=int(parts["retention_months"]),
            clocks={str(name): int(days) for name, days in parts["clocks"].items()},
            answers_show_releases=bool(parts["answers_show_releases"]),
            questions=_questions(parts),
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise PolicyRefused("cannot be read") from error


def _questions(parts: Mapping[str, Any]) -> Questions:
    """What is signed of the form is all that is followed: nothing odd is passed over here. Raises PolicyRefused."""
    if "questions" not in parts:
        return Questions()
    found = Questions.read(parts["questions"])
    if found.stored != parts["questions"]:
        raise PolicyRefused("cannot be read")
    return found
