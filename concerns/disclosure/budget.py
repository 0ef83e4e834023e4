"""How much all releases together may tell about one flag."""

from collections.abc import Mapping
from fractions import Fraction

from concerns.charter.policy import CEILING, MOST_FOR_HANDLING

__all__ = ["CEILING", "MOST_FOR_HANDLING", "OverBudget", "check", "fits", "kinds_for"]

#: below so many flags a year only years are told
QUARTERS_FROM = 60
#: below so many staff no number is told at all
STAFF_FROM = 40


class OverBudget(ValueError):
    """The declared kinds together tell more than the ceiling allows."""


def kinds_for(flags_per_year: int, staff: int) -> dict[str, Fraction]:
    """The kinds of release that suit an organisation of this size, each with its ε."""
    if staff < STAFF_FROM:
        return {}
    if flags_per_year < QUARTERS_FROM:
        return {"year": Fraction(1)}
    return {"quarter": Fraction(1, 2), "year": Fraction(1, 2)}


def check(kinds: Mapping[str, Fraction]) -> None:
    """Raise OverBudget where the kinds together pass the ceiling, or one has no positive ε or more than its own."""
    if any(epsilon <= 0 for epsilon in kinds.values()) or sum(kinds.values()) > CEILING:
        raise OverBudget(f"The declared kinds of release pass the ceiling of ε = {CEILING}. Nothing can be closed.")
    if kinds.get("handling", MOST_FOR_HANDLING) > MOST_FOR_HANDLING:
        raise OverBudget(f"A table of how flags were handled may have ε = {MOST_FOR_HANDLING} at most.")


def fits(spent: Fraction, epsilon: Fraction) -> bool:
    """Whether a flag that was counted for `spent` may still be counted for ε. If not it is left out, and no more."""
    return spent + epsilon <= CEILING
