"""Stores a version of the theme set."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.themes.model import Theme, ThemeSet
from concerns.themes.rules import ThemeFacts


def store_theme_set(main: Session, themes: Sequence[ThemeFacts], starts_on: dt.date) -> int:
    """Add the next version, by which guardians sort from `starts_on`; returns its number, from 1."""
    if not themes:
        raise ValueError("A theme set needs a theme.")
    version = (main.scalar(select(func.max(ThemeSet.version))) or 0) + 1
    main.add(ThemeSet(version=version, starts_on=starts_on, themes=[_row(n, t) for n, t in enumerate(themes)]))
    main.flush()
    return version


def _row(position: int, theme: ThemeFacts) -> Theme:
    return Theme(
        code=theme.code,
        name=theme.name,
        spine=theme.spine,
        group=theme.group,
        definition=theme.definition,
        keywords=list(theme.keywords),
        position=position,
    )
