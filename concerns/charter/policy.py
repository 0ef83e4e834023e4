"""The policy: one signed document of the rules that both doors follow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from concerns.sealing.text import canonical

CLOCKS = {
    "acknowledge_days": 7,
    "second_reader_working_days": 3,
    "update_days": 14,
    "feedback_months": 3,
    "watch_months": 12,
}

MONTHS_TO_CONCLUDE = 24


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

    @property
    def latest_months(self) -> int:
        """Months from a flag's collection to its purge at the latest: time to conclude it, then the promised months."""
        return MONTHS_TO_CONCLUDE + self.retention_months

    @property
    def epsilon(self) -> Fraction:
        """What all declared kinds together can cost one flag."""
        return sum(self.kinds.values(), Fraction(0))


def write_policy(policy: Policy, version: int, previous: str | None, site: str) -> bytes:
    """The document that guardians sign."""
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
        }
    )


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
        )
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise PolicyRefused from error
