"""What the admin wants the first policy to say: merged into it before the guardians sign, never after. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from concerns.charter.loosening import BY_NAME, SHOWN, faults
from concerns.charter.policy import CLOCKS, MOST_FOR_HANDLING, Policy, PolicyRefused

#: the numbers that an admin may settle beforehand, by the policy's names
NUMBERS = ("retention_months", *CLOCKS, "cutoff_days", "collect_hour")
#: of the kinds of release that follow from the size of the organisation, those that she wants; all where she says nothing
RELEASES = ("quarter", "year")
#: whether a table of how flags were handled is declared, and whether staff see the numbers of releases
HANDLING = "handling"
CHOICES = (*RELEASES, HANDLING, SHOWN)


def with_wishes(policy: Policy, wanted: Mapping[str, Any]) -> Policy:
    """The policy with the admin's wishes in it; what she did not settle stays. Raises PolicyRefused, which says why.

    No kind is declared that the policy does not have. The table of how flags were handled is declared beside other
    kinds only: without them there is no room for numbers.
    """
    _check(wanted)
    made = replace(
        policy,
        kinds=_kinds(policy, wanted),
        retention_months=wanted.get("retention_months", policy.retention_months),
        cutoff_days=wanted.get("cutoff_days", policy.cutoff_days),
        collect_hour=wanted.get("collect_hour", policy.collect_hour),
        clocks={name: wanted.get(name, days) for name, days in policy.clocks.items()},
        answers_show_releases=wanted.get(SHOWN, policy.answers_show_releases),
    )
    wrong = faults(made)
    if wrong:
        raise PolicyRefused(next(iter(wrong.values())))
    return made


def _check(wanted: Mapping[str, Any]) -> None:
    unknown = sorted(set(wanted) - {*NUMBERS, *CHOICES})
    if unknown:
        raise PolicyRefused(f"“{unknown[0]}” is not settled beforehand")
    for name in NUMBERS:
        value = wanted.get(name, BY_NAME[name].least)
        if not isinstance(value, int) or isinstance(value, bool):
            raise PolicyRefused(f"{BY_NAME[name].words}: write a whole number")
    for name in CHOICES:
        if not isinstance(wanted.get(name, False), bool):
            raise PolicyRefused(f"{BY_NAME[name].words}: choose yes or no")


def _kinds(policy: Policy, wanted: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {kind: policy.kinds[kind] for kind in RELEASES if kind in policy.kinds and wanted.get(kind, True)}
    handling = wanted.get(HANDLING, HANDLING in policy.kinds)
    return {**numbers, HANDLING: MOST_FOR_HANDLING} if numbers and handling else numbers
