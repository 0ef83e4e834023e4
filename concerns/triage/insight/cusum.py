"""Judges weekly counts by a Poisson CUSUM: Lucas (1985), Counted Data CUSUM's, Technometrics 27, 129-144.

Each week adds what it is above (or below) a reference value; the sum never falls below zero, and at the threshold it
tells. The reference values are Lucas's, for a mean that moves by one standard deviation, or falls by half where that is
less. The thresholds keep the in-control average run length at ten years or more: where nothing changes, one theme is
called rising by chance once in so long. A test computes that by the Markov chain of Brook and Evans (1972).
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: weeks between two false calls of one theme, on average, at least
IN_CONTROL = 520
#: a call is shown for so many weeks after the last one that upheld it
STAYS = 4
#: reference values and thresholds are in quarters of a flag: whole numbers add up exactly
QUARTERS = 4


class Chart(NamedTuple):
    """What counts of this weekly mean are judged by; reference and threshold in quarters of a flag."""

    mean: float
    reference: int
    threshold: int


#: a mean between two rows is judged by the higher one, which calls later
RISING = tuple(
    Chart(*row)
    for row in (
        (0.05, 1, 7), (0.1, 1, 11), (0.15, 1, 16), (0.2, 2, 11), (0.3, 2, 17), (0.4, 3, 16), (0.5, 3, 21),
        (0.75, 5, 19), (1.0, 6, 23), (1.25, 7, 27), (1.5, 8, 29), (1.75, 9, 34), (2.0, 11, 30), (2.25, 12, 33),
        (2.5, 13, 35), (3.0, 15, 40), (3.5, 17, 45), (4.0, 20, 42), (5.0, 24, 50), (6.0, 29, 50), (7.0, 33, 55),
        (8.0, 37, 62), (9.0, 42, 59), (10.0, 46, 66),
    )
)  # fmt: skip
#: and here by the lower one; below one flag a week a silence of weeks says nothing
FALLING = tuple(
    Chart(*row)
    for row in (
        (1.0, 3, 26), (1.25, 4, 33), (1.5, 4, 21), (1.75, 5, 25), (2.0, 6, 29), (2.5, 7, 25), (3.0, 9, 30),
        (3.5, 10, 27), (4.0, 12, 29), (5.0, 15, 32), (6.0, 19, 38), (7.0, 22, 37), (8.0, 26, 44), (9.0, 30, 49),
        (10.0, 33, 48),
    )
)  # fmt: skip
#: beyond the tables counts are nearly normal: half a standard deviation, and these many
_HALF, _RISEN, _FALLEN = 0.48, 5.2, 4.8


def rising_chart(mean: float) -> Chart:
    """How a rise above this weekly mean is judged."""
    found = next((chart for chart in RISING if chart.mean >= mean), None)
    return found or _normal(mean, _HALF, _RISEN)


def falling_chart(mean: float) -> Chart | None:
    """How a fall below this weekly mean is judged; None where there is too little to fall."""
    if mean > FALLING[-1].mean:
        return _normal(mean, -_HALF, _FALLEN)
    return next((chart for chart in reversed(FALLING) if chart.mean <= mean), None)


def risen_since(counts: Sequence[int], chart: Chart) -> int | None:
    """The place of the week from which counts have been rising; None where they do not, by their last weeks."""
    return _since([QUARTERS * count - chart.reference for count in counts], chart.threshold)


def fallen_since(counts: Sequence[int], chart: Chart) -> int | None:
    """The same for counts that are falling."""
    return _since([chart.reference - QUARTERS * count for count in counts], chart.threshold)


def _since(steps: Iterable[int], threshold: int) -> int | None:
    level = began = place = 0
    called, since = -STAYS - 1, 0
    for place, step in enumerate(steps):
        if level == 0:
            began = place
        # held at the threshold, so that it comes down again as soon as the weeks do
        level = min(threshold, max(0, level + step))
        if level == threshold:
            called, since = place, began
    return since if place - called < STAYS else None


def _normal(mean: float, half: float, deviations: float) -> Chart:
    deviation = math.sqrt(mean)
    return Chart(mean, round(QUARTERS * (mean + half * deviation)), math.ceil(QUARTERS * deviations * deviation))
