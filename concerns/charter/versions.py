"""The versions of the policy: which one is in force on a day, from which day a change may be, and what follows what. Pure."""

import dataclasses
import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from concerns.charter import loosening
from concerns.charter.policy import Policy, PolicyRefused, read_change, read_policy

#: a draft waits so long for two signatures; staff then read of a loosening so long before it starts
DAYS_TO_SIGN, DAYS_OF_NOTICE = 21, 14


@dataclass(frozen=True)
class Version:
    """One version of the policy that is signed, or waits to be."""

    number: int
    policy: Policy
    #: of its document, in hex
    hash: str
    #: None for the first version, which is in force from the start
    first_day: dt.date | None = None
    #: when it was drafted
    day: dt.date | None = None
    #: the persons whose signatures it bears
    signed: frozenset[bytes] = frozenset()

    def begun(self, day: dt.date) -> bool:
        return self.first_day is None or self.first_day <= day


def on(versions: Sequence[Version], day: dt.date) -> Version:
    """The version in force on a day: the newest one that has begun. One that began earlier never comes back."""
    return next(one for one in reversed(versions) if one.begun(day))


def between(versions: Sequence[Version], first: dt.date, last: dt.date) -> list[Version]:
    """The versions in force on any of these days, the oldest first."""
    days = [first, *(one.first_day for one in versions if one.first_day and first < one.first_day <= last)]
    found = {standing.number: standing for day in days if (standing := on(versions, day))}
    return [found[number] for number in sorted(found)]


def to_come(versions: Sequence[Version], today: dt.date) -> list[Version]:
    """The signed versions that have not begun, in the order of their days, without those that a newer one replaces."""
    later = [one for one in versions if one.first_day is not None and one.first_day > today]
    kept = [one for one in later if on(versions, one.first_day or today) is one]
    return sorted(kept, key=lambda one: (one.first_day or today, one.number))


@dataclass(frozen=True)
class YearRules:
    """The rules by which the releases of one year are made, and what a close has to know of other years."""

    policy: Policy
    #: the policy of each year's first day, from the years on in which it changed; the first is of all years before
    years: tuple[tuple[int, Policy], ...] = ()
    #: by kind: what was told before this day was told under stricter rules, and is left out
    collected_from: Mapping[str, dt.date] = field(default_factory=dict)


def of_year(versions: Sequence[Version], year: int, today: dt.date) -> YearRules:
    """The rules of a year's releases, as far as they are known today.

    They are those of its first day, which staff read before they told anything in it. What was tightened since holds at
    once for what is not fixed yet; what was loosened since does not.
    """
    first = dt.date(year, 1, 1)
    standing = [one.policy for one in between(versions, first, max(first, today))]
    policy = dataclasses.replace(
        standing[0],
        floor=max(policy.floor for policy in standing),
        smallest_area=max(policy.smallest_area for policy in standing),
    )
    days = {kind: _collected_from(versions, kind, first) for kind in policy.kinds}
    return YearRules(policy, _by_year(versions), {kind: day for kind, day in days.items() if day is not None})


def _collected_from(versions: Sequence[Version], kind: str, first: dt.date) -> dt.date | None:
    """Since when no rules were in force that were stricter on this kind than those of the year that begins that day."""
    standing = between(versions, dt.date.min, first)
    rules, since = standing[-1].policy, None
    for before, after in itertools.pairwise(standing):
        if _stricter(before.policy, rules, kind):
            since = after.first_day
    return since


def _stricter(before: Policy, after: Policy, kind: str) -> bool:
    told_more = before.kinds.get(kind, Fraction(0)) < after.kinds.get(kind, Fraction(0))
    shown_to_all = after.answers_show_releases and not before.answers_show_releases
    return told_more or shown_to_all or before.floor > after.floor or before.smallest_area > after.smallest_area


def _by_year(versions: Sequence[Version]) -> tuple[tuple[int, Policy], ...]:
    begun = [one.first_day.year for one in versions if one.first_day is not None]
    years = sorted({year + later for year in begun for later in (0, 1)})
    return (0, versions[0].policy), *((year, on(versions, dt.date(year, 1, 1)).policy) for year in years)


def first_day(versions: Sequence[Version], after: Policy, day: dt.date, wanted: dt.date | None = None) -> dt.date:
    """The first day on which a change that is drafted on a day may be in force, not before the `wanted` one.

    A tightening is in force as soon as it is signed. A loosening waits until it must have been signed, and two weeks
    more in which staff read of it. Kinds and their ε change on a first of January only: a year keeps its own.
    """
    found = max(day, wanted or day)
    while True:
        standing = [one.policy for one in between(versions, day, found)]
        least = found
        if any(loosening.loosens(before, after) for before in standing):
            least = max(least, day + dt.timedelta(days=DAYS_TO_SIGN + DAYS_OF_NOTICE))
        if any(dict(before.kinds) != dict(after.kinds) for before in standing) and (least.month, least.day) != (1, 1):
            least = dt.date(least.year + 1, 1, 1)
        if least == found:
            return found
        found = least


def follow(versions: Sequence[Version], manifest: str, document: bytes, signed: frozenset[bytes]) -> Version:
    """The version that comes after these, signed by guardians of this manifest. Raises PolicyRefused, saying why."""
    policy, step, before = read_policy(document), read_change(document), versions[-1]
    if step.version != before.number + 1 or step.previous != before.hash:
        raise PolicyRefused("does not follow from the one before it")
    if step.manifest != manifest:
        raise PolicyRefused("names other guardians than those who had to sign it")
    if before.day is not None and step.day < before.day:
        raise PolicyRefused("is dated before the one before it")
    if wrong := loosening.faults(policy):
        raise PolicyRefused(f"says what no policy may say ({', '.join(wrong)})")
    if first_day(versions, policy, step.day, step.first_day) != step.first_day:
        raise PolicyRefused("would begin before it may")
    digest = hashlib.sha256(document).hexdigest()
    return Version(step.version, policy, digest, step.first_day, step.day, signed)
