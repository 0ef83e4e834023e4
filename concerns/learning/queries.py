"""Looks up the standing answers, one entry a theme."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.learning.model import Answer
from concerns.themes.rules import ThemeFacts


@dataclass(frozen=True)
class AnswerEntry:
    """What staff read about a theme; `month` is the first day of the month it was last changed."""

    theme_code: str
    theme_name: str
    known: str
    doing: str
    month: dt.date


def answers(main: Session, themes: Sequence[ThemeFacts]) -> list[AnswerEntry]:
    """The entries of the themes that have one, in the themes' order."""
    rows = {row.theme_code: row for row in main.scalars(select(Answer))}
    return [
        AnswerEntry(theme.code, theme.name, row.known, row.doing, row.month)
        for theme in themes
        if (row := rows.get(theme.code))
    ]
