"""When a hidden number has fallen silent, and when it cannot be compared with what was shown before. Pure."""

from collections.abc import Sequence

from concerns.disclosure.display import REMEMBERED, silence
from concerns.disclosure.document import Stored, Sum
from concerns.disclosure.law import variance

#: silence is not said of a number whose noise has more than so many times the variance that it had: it would ring too often
MORE_NOISE = 1.5
NOT_COMPARED = "cannot be compared with the reports before: numbers are blurred or hidden more than they were"


def fallen_silent(new: Stored, now: Sum, before: Sequence[tuple[Stored, Sum | None]]) -> tuple[str, str]:
    """The sentence about a sum's silence, or what is said beside a hidden one that cannot be compared; else two empty ones.

    `before` are the releases before it with what they say of the same, oldest first. A finer grain, more themes, a
    smaller ε or a higher floor hide a number that did not change. So it is silent only below what each of those releases
    would have shown, too. Whether that can be asked hangs on what was shown and on public terms, not on what is hidden.
    """
    last = [(old, found) for old, found in before[-REMEMBERED:] if found is not None and found.shown]
    if now.shown or len(last) < REMEMBERED:
        return "", ""
    if not all(_as_clear(new, now, old, found) for old, found in last):
        return "", NOT_COMPARED
    least = min(now.least, *(found.least for _old, found in last))
    return silence([found.shown for _old, found in last], now.measured, least) or "", ""


def noise(stored: Stored, found: Sum) -> float:
    """The variance of the noise in a sum."""
    return variance(stored.terms.epsilon, found.nodes)


def _as_clear(new: Stored, now: Sum, old: Stored, found: Sum) -> bool:
    return new.terms.floor <= old.terms.floor and noise(new, now) <= MORE_NOISE * noise(old, found)
