"""The two-year story as plain facts: which flags came when, from where, about what, and what was answered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from concerns.demo.organisation import Place, places
from concerns.demo.plot import BEGINS, USUAL, factor, news
from concerns.demo.wording import Writer
from concerns.themes.packs import load_pack
from concerns.themes.rules import OTHER

#: how many flags there are at least, and how many of them wait untriaged in the newest week
SIZES: Mapping[str, tuple[int, int]] = {"small": (300, 4), "medium": (2100, 12), "large": (6000, 30)}
#: a longer story has more flags, so that years stay comparable
_WEEKS = 151
_NOT_SAID, _SECOND, _THIRD = 0.07, 0.26, 0.15
#: days from the Monday of collection to a guardian's first reading: reading days, and now and then much later
_DELAYS = ((3, 7, 10, 14, 17, 24, 45), (10, 34, 26, 16, 8, 4, 2))
_HARMFUL = frozenset({"CARE", "SAFE", "ESTE", "WELL", "STAF"})
_AGES = (
    (6, {"acknowledged": 30, "assessing": 40, "needs more": 12, "being addressed": 12, "signposted": 6}),
    # within three months the reporter hears what came of it: few are late
    (13, {"assessing": 12, "needs more": 8, "referred": 10, "being addressed": 38, "responded": 22, "concluded": 10}),
    (40, {"being addressed": 3, "responded": 36, "referred": 1, "signposted": 2, "concluded": 58}),
    (10_000, {"signposted": 1, "responded": 6, "concluded": 80, "relapse watch": 10, "reopened": 3}),
)


@dataclass(frozen=True)
class FlagSeed:
    """One flag of the story. Untriaged ones have no delay, score, reply or note and the status "received"."""

    #: the Monday of the week of collection
    week: dt.date
    #: None: the reporter would rather not say
    area_code: str | None
    #: theme codes, the primary first; ("other",) where none fits
    themes: tuple[str, ...]
    #: very, fairly, not very, not at all
    worry: str | None
    #: none, low, moderate, severe, fatal
    harm: str | None
    #: count, use, tell, ask
    consent: str
    text: str
    #: days from `week` to the first triage record; never after the day of telling the story
    triage_delay_days: int | None
    #: consequence and likelihood, 1 to 5 each
    score: tuple[int, int] | None
    status: str
    #: of a concluded flag: acted, partly, not acted; and why
    outcome: str | None
    reason: str | None
    reply: str | None
    note: str | None
    #: what the reporter added after the reply
    follow_up: str | None


def flags(sector: str = "nhs", size: str = "medium", *, seed: int = 1, today: dt.date) -> list[FlagSeed]:
    """All flags of the story up to `today`, week by week. The same arguments give the same flags.

    Raises ValueError for an unknown size, or a day before the story begins.
    """
    if size not in SIZES:
        raise ValueError(f"There is no size “{size}”. Choose {', '.join(SIZES)}.")
    if today < BEGINS:
        raise ValueError(f"The story begins on {BEGINS:%Y-%m-%d}.")
    rng = Random(f"{sector}/{size}/{seed}/{today}")
    teller = _Teller(sector, today, rng)
    return [teller.flag(*moment) for moment in _moments(sector, size, today, rng)]


_T = TypeVar("_T")
_Moment = tuple[dt.date, Place, str]


def _moments(sector: str, size: str, today: dt.date, rng: Random) -> list[_Moment]:
    """When, where and about what: drawn by the weights of the plot, the newest week having its fixed number."""
    total, waiting = SIZES[size]
    last = today - dt.timedelta(days=today.weekday())
    weeks = [BEGINS + dt.timedelta(weeks=n) for n in range((last - BEGINS).days // 7 + 1)]
    total = max(total, total * len(weeks) // _WEEKS)
    newest = rng.choices(*_weighted(sector, [last]), k=waiting)
    earlier = rng.choices(*_weighted(sector, weeks[:-1]), k=total - waiting) if len(weeks) > 1 else []
    return sorted([*earlier, *newest], key=lambda moment: moment[0])


def _weighted(sector: str, weeks: Sequence[dt.date]) -> tuple[list[_Moment], list[float]]:
    about = {**{theme.code: {theme.code, theme.spine or ""} for theme in load_pack(sector).themes}, OTHER: {OTHER}}
    where = places(sector)
    divisions = list(dict.fromkeys(place.division for place in where))
    loud = [place.staff * place.voice for place in where]
    moments: list[_Moment] = []
    weights: list[float] = []
    for week in weeks:
        for code, names in about.items():
            known: dict[tuple[int, str], float] = {}
            for place, voice in zip(where, loud, strict=True):
                key = divisions.index(place.division), place.setting
                if key not in known:
                    known[key] = factor(week, names, *key)
                moments.append((week, place, code))
                weights.append(voice * known[key])
    return moments, weights


class _Teller:
    """Turns moments into flags, with what people wrote and what came of it."""

    def __init__(self, sector: str, today: dt.date, rng: Random) -> None:
        self.today, self.rng, self.writer = today, rng, Writer(sector, rng)
        self.last = today - dt.timedelta(days=today.weekday())
        self.divisions = list(dict.fromkeys(place.division for place in places(sector)))
        self.spines = {theme.code: theme.spine or OTHER for theme in load_pack(sector).themes}

    def flag(self, week: dt.date, place: Place, theme: str) -> FlagSeed:
        themes = self._themes(theme)
        harm = self._harm(theme)
        delay = None if week == self.last else self._delay(week)
        status, outcome = self._status(week, delay)
        reply = self._sometimes(0.72, "reply") if delay is not None else None
        return FlagSeed(
            week=week,
            area_code=None if self.rng.random() < _NOT_SAID else place.code,
            themes=themes,
            worry=self._one({"very": 28, "fairly": 42, "not very": 20, "not at all": 3, None: 7}),
            harm=harm,
            consent=self._one({"count": 8, "use": 62, "tell": 20, "ask": 10}),
            text=self.writer.flag(themes, place.setting, self._news(week, place)),
            triage_delay_days=delay,
            score=self._score(harm) if delay is not None else None,
            status=status,
            outcome=outcome,
            reason=self.writer.say(f"reason_{outcome.replace(' ', '_')}") if outcome else None,
            reply=reply,
            note=self._sometimes(0.18, "note") if delay is not None else None,
            follow_up=self._sometimes(0.16, "follow_up") if reply else None,
        )

    def _news(self, week: dt.date, place: Place) -> tuple[str, ...]:
        return news(week, self.divisions.index(place.division), place.setting)

    def _themes(self, primary: str) -> tuple[str, ...]:
        if primary == OTHER:
            return (primary,)
        others = [code for code in self.spines if code != primary]
        count = (self.rng.random() < _SECOND) and (2 if self.rng.random() < _THIRD else 1)
        weights = [USUAL[self.spines[code]] for code in others]
        return tuple(dict.fromkeys([primary, *self.rng.choices(others, weights, k=int(count))]))

    def _harm(self, theme: str) -> str | None:
        if self.spines.get(theme) in _HARMFUL:
            return self._one({None: 38, "none": 24, "low": 22, "moderate": 12, "severe": 3.6, "fatal": 0.4})
        return self._one({None: 68, "none": 24, "low": 7, "moderate": 1})

    def _delay(self, week: dt.date) -> int:
        days: int = self.rng.choices(*_DELAYS)[0]
        return min(days, (self.today - week).days)

    def _score(self, harm: str | None) -> tuple[int, int] | None:
        if self.rng.random() < 0.22:
            return None
        least = {"moderate": 3, "severe": 4, "fatal": 5}.get(harm or "", 1)
        consequence: int = self.rng.choices((1, 2, 3, 4, 5), (10, 34, 36, 16, 4))[0]
        likelihood: int = self.rng.choices((1, 2, 3, 4, 5), (8, 24, 38, 23, 7))[0]
        return max(least, consequence), likelihood

    def _status(self, week: dt.date, delay: int | None) -> tuple[str, str | None]:
        if delay is None:
            return "received", None
        age = (self.today - week).days // 7
        status = self._one(next(shares for limit, shares in _AGES if age < limit))
        return status, self._one({"acted": 44, "partly": 33, "not acted": 23}) if status == "concluded" else None

    def _sometimes(self, share: float, key: str) -> str | None:
        return self.writer.say(key) if self.rng.random() < share else None

    def _one(self, shares: Mapping[_T, float]) -> _T:
        return self.rng.choices(list(shares), list(shares.values()))[0]
