"""Looks up what staff read back: the standing answers, one entry a theme, and what guardians let them learn."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.learning.model import Answer
from concerns.learning.promises.telling import Told, told
from concerns.learning.released import Passage, Releases, passages
from concerns.learning.rules import ANSWER, LEARNING, ON_CALENDAR_DAYS, PROMISE, newest_day, published_on
from concerns.learning.standing import Authority
from concerns.learning.themes import Ended, themes_on
from concerns.themes.rules import ThemeFacts

#: learning points on one page, the newest
MOST = 50


@dataclass(frozen=True)
class AnswerEntry:
    """What staff read about a theme; `month` is the first day of the month it was last changed."""

    theme_code: str
    theme_name: str
    known: str
    doing: str
    month: dt.date
    #: what staff told, where a shown number or a learning point lets it be said
    heard: str = ""
    #: what was decided against, and why
    declined: str = ""
    #: the first day of the month in which guardians took it out; nothing else is said then
    withdrawn: dt.date | None = None


@dataclass(frozen=True)
class LearningPoint:
    """What may be learnt from flags whose reporters agreed; dated by the month in which it appeared."""

    theme_name: str
    text: str
    month: dt.date
    withdrawn: dt.date | None
    #: random, in hex: which point it is, for as long as it can be read
    id: str = ""


@dataclass(frozen=True)
class Public:
    """Everything that guardians and founders say to all staff."""

    entries: tuple[AnswerEntry, ...]
    points: tuple[LearningPoint, ...]
    promises: tuple[Told, ...] = ()


def answers(main: Session, themes: Sequence[ThemeFacts]) -> list[AnswerEntry]:
    """The standing entries of the themes that have one, in the themes' order."""
    rows = {row.theme_code: row for row in main.scalars(select(Answer))}
    return [
        AnswerEntry(theme.code, theme.name, row.known, row.doing, row.month)
        for theme in themes
        if (row := rows.get(theme.code))
    ]


def public(main: Session, themes: Sequence[ThemeFacts], authority: Authority | None, today: dt.date) -> Public:
    """What staff read today: of each theme the newest answer that is published and still holds, else the standing one.

    What was published of a theme that ended since stays, under the name that the theme had last.
    """
    standing = {entry.theme_code: entry for entry in answers(main, themes)}
    published = [
        one for one in passages(main, ON_CALENDAR_DAYS, authority) if published_on(one.month) <= today
    ] if authority else []  # fmt: skip
    points = [one for one in published if one.kind == LEARNING]
    releases, known = Releases(main), themes_on(main, today)
    entries = []
    for theme in themes:
        found = _newest(theme, published, points, releases)
        if found is not None:
            entries.append(_entry(theme, found))
        elif theme.code in standing:
            entries.append(standing[theme.code])
    for ended in known.ended.values():
        found = _newest(ended.facts, published, points, releases)
        if found is not None and not _answered_anew(
            ended, published, releases.heirs_of(ended.facts.code) & set(known.current)
        ):
            entries.append(_entry(ended.facts, found))
    names = known.names
    promised = told(main, [one for one in published if one.kind == PROMISE], names, newest_day(today))
    return Public(tuple(entries), tuple(_point(one, names) for one in points[:MOST] if one.about in names), promised)


def may_say(parts: dict[str, str], theme: ThemeFacts, points: Sequence[Passage], releases: Releases) -> bool:
    """Whether "what we heard" stands on something: a shown number of this theme or its group, or a learning point."""
    if not parts.get("heard"):
        return True
    consented = any(one.about == theme.code and one.withdrawn is None for one in points)
    return consented or releases.ever_showed({theme.code, theme.group or theme.code})


def _newest(
    theme: ThemeFacts, published: Sequence[Passage], points: Sequence[Passage], releases: Releases
) -> Passage | None:
    """The newest published answer to a theme that still holds."""
    mine = (one for one in published if one.kind == ANSWER and one.about == theme.code)
    return next((one for one in mine if may_say(one.parts, theme, points, releases)), None)


def _answered_anew(ended: Ended, published: Sequence[Passage], heirs: Collection[str]) -> bool:
    """Whether each theme that took the place of one that ended was answered since: that answers the old one too."""
    since = {one.about for one in published if one.kind == ANSWER and not one.withdrawn and one.month >= ended.since}
    return bool(heirs) and since.issuperset(heirs)


def _entry(theme: ThemeFacts, found: Passage) -> AnswerEntry:
    parts = found.parts
    month = published_on(found.month).replace(day=1)
    said = {name: parts.get(name, "") for name in ("known", "doing", "heard", "declined")}
    return AnswerEntry(theme.code, theme.name, month=month, withdrawn=found.withdrawn, **said)


def _point(one: Passage, names: Mapping[str, str]) -> LearningPoint:
    month = published_on(one.month).replace(day=1)
    return LearningPoint(names[one.about], one.text, month, one.withdrawn, one.id.hex())
