"""Looks up what staff read back: the standing answers, one entry a theme, and what guardians let them learn."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.learning.model import Answer
from concerns.learning.released import Passage, Releases, passages
from concerns.learning.rules import ANSWER, LEARNING, ON_CALENDAR_DAYS, published_on
from concerns.learning.standing import Authority
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
    #: the first day of the month in which guardians took it out; nothing else is said then
    withdrawn: dt.date | None = None


@dataclass(frozen=True)
class LearningPoint:
    """What may be learnt from flags whose reporters agreed; dated by the month in which it appeared."""

    theme_name: str
    text: str
    month: dt.date
    withdrawn: dt.date | None


@dataclass(frozen=True)
class Public:
    """Everything that guardians and founders say to all staff."""

    entries: tuple[AnswerEntry, ...]
    points: tuple[LearningPoint, ...]


def answers(main: Session, themes: Sequence[ThemeFacts]) -> list[AnswerEntry]:
    """The standing entries of the themes that have one, in the themes' order."""
    rows = {row.theme_code: row for row in main.scalars(select(Answer))}
    return [
        AnswerEntry(theme.code, theme.name, row.known, row.doing, row.month)
        for theme in themes
        if (row := rows.get(theme.code))
    ]


def public(main: Session, themes: Sequence[ThemeFacts], authority: Authority | None, today: dt.date) -> Public:
    """What staff read today: of each theme the newest answer that is published and still holds, else the standing one."""
    standing = {entry.theme_code: entry for entry in answers(main, themes)}
    published = [
        one for one in passages(main, ON_CALENDAR_DAYS, authority) if published_on(one.month) <= today
    ] if authority else []  # fmt: skip
    points = [one for one in published if one.kind == LEARNING]
    releases = Releases(main)
    entries = []
    for theme in themes:
        mine = [one for one in published if one.kind == ANSWER and one.about == theme.code]
        found = next((one for one in mine if may_say(one.parts, theme, points, releases)), None)
        if found is not None:
            entries.append(_entry(theme, found))
        elif theme.code in standing:
            entries.append(standing[theme.code])
    names = {theme.code: theme.name for theme in themes}
    return Public(tuple(entries), tuple(_point(one, names) for one in points[:MOST] if one.about in names))


def may_say(parts: dict[str, str], theme: ThemeFacts, points: Sequence[Passage], releases: Releases) -> bool:
    """Whether "what we heard" stands on something: a shown number of this theme or its group, or a learning point."""
    if not parts.get("heard"):
        return True
    consented = any(one.about == theme.code and one.withdrawn is None for one in points)
    return consented or releases.ever_showed({theme.code, theme.group or theme.code})


def _entry(theme: ThemeFacts, found: Passage) -> AnswerEntry:
    parts = found.parts
    month = published_on(found.month).replace(day=1)
    said = {name: parts.get(name, "") for name in ("known", "doing", "heard")}
    return AnswerEntry(theme.code, theme.name, month=month, withdrawn=found.withdrawn, **said)


def _point(one: Passage, names: dict[str, str]) -> LearningPoint:
    month = published_on(one.month).replace(day=1)
    return LearningPoint(names[one.about], one.text, month, one.withdrawn)
