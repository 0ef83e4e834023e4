"""Weekly signals: which themes are told of more, or less, than they used to be, in words and never in counts."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from concerns.store.house import week_of
from concerns.themes.rules import ThemeFacts
from concerns.triage.insight.cusum import STAYS, fallen_since, falling_chart, risen_since, rising_chart

WEEK = dt.timedelta(weeks=1)
#: whole weeks that are judged, and before them at most, and at least, so many to judge them by
JUDGED, BEFORE, LEAST = 13, 52, 13
RISING, QUIETER, USUAL, EARLY = "Rising", "Quieter", "As usual", "Too early to say"


class Counted(Protocol):
    """What a signal needs of a flag."""

    @property
    def week(self) -> dt.date: ...
    @property
    def primary(self) -> str: ...
    @property
    def event(self) -> str: ...


@dataclass(frozen=True)
class Signal:
    """How one theme goes, and from which week on."""

    theme: str
    says: str
    since: dt.date | None = None


def signals(flags: Collection[Counted], themes: Sequence[ThemeFacts], today: dt.date) -> list[Signal]:
    """One signal a theme, those that rise first. A week counts once it is over; what is not sorted has no theme yet.

    Several flags of one event count once, in the week of the first one that this guardian can open.
    """
    told = _told(flags)
    ends = week_of(today)
    judged, before = _weeks(min((week for week, _theme in told), default=ends), ends)
    if len(before) < LEAST:
        return [Signal(theme.name, EARLY) for theme in themes]
    # where the last weeks still wait to be sorted, no theme is known to be quieter
    sorted_all = all(flag.primary or not ends - STAYS * WEEK <= flag.week < ends for flag in flags)
    counts = Counter((theme, week) for week, theme in told)
    found = [
        _signal(
            theme.name,
            [counts[theme.code, week] for week in judged],
            [counts[theme.code, week] for week in before],
            judged,
            falls=sorted_all,
        )
        for theme in themes
    ]
    order = (RISING, QUIETER, USUAL)
    return sorted(found, key=lambda signal: order.index(signal.says))


def _told(flags: Iterable[Counted]) -> list[tuple[dt.date, str]]:
    """Week and theme of each event, and of each flag that stands alone."""
    first: dict[str, Counted] = {}
    alone = []
    for flag in flags:
        if not flag.event:
            alone.append(flag)
        elif flag.event not in first or flag.week < first[flag.event].week:
            first[flag.event] = flag
    return [(flag.week, flag.primary) for flag in (*alone, *first.values())]


def _weeks(first: dt.date, ends: dt.date) -> tuple[list[dt.date], list[dt.date]]:
    """The Mondays of the weeks that are judged, and of those that they are judged by, oldest first."""
    before = [ends - (JUDGED + back) * WEEK for back in range(BEFORE, 0, -1)]
    return [ends - back * WEEK for back in range(JUDGED, 0, -1)], [week for week in before if week >= first]


def _signal(
    theme: str, counts: Sequence[int], earlier: Sequence[int], weeks: Sequence[dt.date], *, falls: bool
) -> Signal:
    # one flag more than there were: a theme that nobody told of yet may have had one any week
    place = risen_since(counts, rising_chart((sum(earlier) + 1) / len(earlier)))
    if place is not None:
        return Signal(theme, RISING, weeks[place])
    chart = falling_chart(sum(earlier) / len(earlier)) if falls else None
    place = fallen_since(counts, chart) if chart else None
    return Signal(theme, USUAL) if place is None else Signal(theme, QUIETER, weeks[place])
