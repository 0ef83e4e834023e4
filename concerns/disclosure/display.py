"""Which stored numbers are shown, and how: the floor, the share rule and the range."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from concerns.disclosure.law import half_width, variance

FLOOR = 10
#: a node above this share of the head-count behind it would say "nearly everybody there"
LARGEST_SHARE = Fraction(1, 4)
#: how many releases a node must have been shown in before its silence is said
REMEMBERED = 4
HIDDEN = "too few, or too large a share, to show safely"


@dataclass(frozen=True)
class Shown:
    """A number as it is published: about `value`, and the true one probably between `low` and `high`."""

    value: int
    low: int
    high: int

    @property
    def text(self) -> str:
        return f"about {self.value:,} ({self.low:,} to {self.high:,})"

    def as_json(self) -> dict[str, int]:
        return {"value": self.value, "low": self.low, "high": self.high}


def threshold(n_nodes: int, epsilon: Fraction, floor: int = FLOOR) -> float:
    """The least sum of stored nodes that is shown: max(floor, 5 + 3 standard deviations of its noise)."""
    return max(FLOOR, floor, 5 + 3 * math.sqrt(variance(epsilon, n_nodes)))


def show(stored_sum: int, n_nodes: int, epsilon: Fraction, headcount: int, floor: int = FLOOR) -> Shown | None:
    """A sum of stored nodes as it may be published, or None.

    None says zero, few, or too many for so small a place: nobody can tell which. Acts on stored values alone, so that
    it reveals nothing that they do not. Nothing is clamped: shown numbers need not add up.
    """
    if stored_sum < threshold(n_nodes, epsilon, floor) or stored_sum > LARGEST_SHARE * headcount:
        return None
    width = half_width(epsilon, n_nodes)
    return Shown(stored_sum, stored_sum - width, stored_sum + width)


def silence(earlier: Sequence[Shown | None], stored_sum: int, least: float) -> str | None:
    """What is said of a sum that was shown in each of the last four releases and is now below the floor.

    `earlier` holds what those releases showed, oldest first. Made of stored nodes only; a sum that is hidden because
    it is too large a share says nothing.
    """
    last = earlier[-REMEMBERED:]
    if len(last) < REMEMBERED or stored_sum >= least:
        return None
    newest = last[-1]
    if newest is None or any(one is None for one in last):
        return None
    return f"was about {newest.value:,}, now fewer than we can show"
