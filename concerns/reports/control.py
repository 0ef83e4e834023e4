"""Which change of a series is more than chance: released numbers by chance and noise, typed-in figures by their moving ranges."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

#: 3 / d2 and D4 for moving ranges of two
REACH, WIDEST_RANGE = 2.66, 3.267
#: so many points in a row on one side, or all rising, or all falling
RUN = 7
#: nothing is said of a series that has fewer points before its newest one
FEWEST_BEFORE = 4
#: two releases differ clearly beyond so many standard deviations of chance and noise together: a table has many rows
CLEARLY = 3
#: the releases that a new one is judged against: two years of quarters
REMEMBERED = 8


class Direction(StrEnum):
    """Where the newest point of a series stands against those before it."""

    UP = "up"
    DOWN = "down"
    #: of several measures, where they disagree; no single series goes there
    MIXED = "up in some, down in others"
    STEADY = "no clear change"
    EARLY = "too early to say"


@dataclass(frozen=True)
class Limits:
    """Between what two lines chance alone would keep a point."""

    mean: float
    low: float
    high: float

    def beyond(self, value: float, share: float = 1.0) -> int:
        """1 above the upper limit, -1 below the lower one, 0 within; `share` draws both nearer to the mean."""
        if value > self.mean + share * (self.high - self.mean):
            return 1
        return -1 if value < self.mean - share * (self.mean - self.low) else 0


@dataclass(frozen=True)
class Measured:
    """A shown sum of stored nodes, and the variance of its noise."""

    value: int
    noise: float


def typing_step(values: Sequence[float]) -> float:
    """The finest difference that typed-in figures can tell: a whole where all of them are whole, else a tenth."""
    return 1.0 if all(float(value).is_integer() for value in values) else 0.1


def moving_range_limits(values: Sequence[float]) -> Limits | None:
    """The limits of an individuals chart: mean ± 2.66 mean moving ranges, without ranges that are out of line.

    The mean range is taken to be one typing step at least: figures that were rounded can stand still, what they measure
    cannot, and limits of no width would call the next rounding a change.
    """
    ranges = [abs(after - before) for before, after in pairwise(values)]
    if not ranges:
        return None
    step = typing_step(values)
    widest = WIDEST_RANGE * max(step, sum(ranges) / len(ranges))
    kept = [one for one in ranges if one <= widest]
    mean, reach = sum(values) / len(values), REACH * max(step, sum(kept) / len(kept))
    return Limits(mean, mean - reach, mean + reach)


def figure_direction(values: Sequence[float]) -> Direction:
    """Whether the newest typed-in figure is more than chance, by four rules: one beyond, 7 aside, 7 on the way, 2 of 3."""
    limits = moving_range_limits(values)
    if limits is None or len(values) <= FEWEST_BEFORE:
        return Direction.EARLY
    # a figure that lies nearer to the mean than half a typing step may have been rounded to that side
    near = typing_step(values) / 2
    signs = [
        limits.beyond(values[-1]),
        _all_one_way([_side(value - limits.mean, near) for value in values[-RUN:]]),
        _all_one_way([(after > before) - (after < before) for before, after in pairwise(values[-RUN:])], RUN - 1),
        _two_of_three([limits.beyond(value, 2 / 3) for value in values[-3:]]),
    ]
    return _as_direction(next(filter(None, signs), 0))


def pair_direction(now: Measured | None, before: Measured | None) -> Direction:
    """Whether one shown sum differs from another by more than chance and noise: beyond 3·√(both sums + both variances)."""
    if now is None or before is None:
        return Direction.EARLY
    reach = CLEARLY * math.sqrt(now.value + before.value + now.noise + before.noise)
    return _as_direction(_side(now.value - before.value, reach))


def release_limits(before: Sequence[Measured], noise: float) -> Limits | None:
    """mean ± 3·√(mean + noise variance) for one more release, from shown sums before it; None where these are too few."""
    known = before[-REMEMBERED:]
    if len(known) < FEWEST_BEFORE:
        return None
    mean = sum(one.value for one in known) / len(known)
    reach = 3 * math.sqrt(mean + noise)
    return Limits(mean, mean - reach, mean + reach)


def release_direction(series: Sequence[Measured | None]) -> Direction:
    """Whether the newest released sum is more than chance and noise: beyond the limits, or 2 of 3 beyond two thirds.

    None stands for a hidden sum: it says nothing, and nothing is made of it.
    """
    newest = series[-1] if series else None
    before = [one for one in series[:-1] if one is not None]
    limits = release_limits(before, newest.noise) if newest else None
    if newest is None or limits is None:
        return Direction.EARLY
    # each of the three against limits as wide as its own noise asks
    lately = [
        own.beyond(one.value, 2 / 3) if one and (own := release_limits(before, one.noise)) else 0 for one in series[-3:]
    ]
    return _as_direction(limits.beyond(newest.value) or _two_of_three(lately))


def _side(distance: float, near: float) -> int:
    """1 above, -1 below, 0 where it is no farther than `near`."""
    return (distance > near) - (distance < -near)


def _all_one_way(signs: Sequence[int], wanted: int = RUN) -> int:
    return signs[-1] if len(signs) == wanted and len(set(signs)) == 1 else 0


def _two_of_three(signs: Sequence[int]) -> int:
    """The newest of three, where another one stands beyond on the same side."""
    return signs[-1] if len(signs) == 3 and signs.count(signs[-1]) > 1 else 0


def _as_direction(sign: int) -> Direction:
    return (Direction.STEADY, Direction.UP, Direction.DOWN)[sign]
