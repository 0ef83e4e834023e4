"""Stores versions of the theme set, each with what became of the themes of the one before."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from concerns.themes.mapping import pairs_of
from concerns.themes.model import Theme, ThemeMapping, ThemeSet, ThemeWording
from concerns.themes.queries import latest_version, set_of, used_codes
from concerns.themes.rules import ThemeFacts


def store_theme_set(main: Session, themes: Sequence[ThemeFacts], starts_on: dt.date) -> int:
    """Add the next version, by which guardians sort from `starts_on`; returns its number, from 1."""
    if not themes:
        raise ValueError("A theme set needs a theme.")
    version = (main.scalar(select(func.max(ThemeSet.version))) or 0) + 1
    main.add(ThemeSet(version=version, starts_on=starts_on, themes=[_row(n, t) for n, t in enumerate(themes)]))
    main.flush()
    return version


def change_theme_set(
    main: Session, themes: Sequence[ThemeFacts], moved: Mapping[str, Collection[str]], today: dt.date
) -> int:
    """Set the themes of the next year; returns the version. Raises ChangeRefused.

    A year's releases are of one set, so a change waits for 1 January. Until then another change takes its place.
    `moved` says where the flags of themes that do not go on belong: see `pairs_of`.
    """
    starts_on = dt.date(today.year + 1, 1, 1)
    take_back(main, starts_on)
    version = latest_version(main)
    pairs = pairs_of(set_of(main, version), themes, moved, used_codes(main))
    newer = store_theme_set(main, themes, starts_on)
    main.add_all(ThemeMapping(version=newer, old=old, new=new) for old, new in sorted(pairs))
    main.flush()
    return newer


def replace_theme_set(main: Session, themes: Sequence[ThemeFacts], version: int) -> None:
    """Put other themes in the place of this version's: before anybody could tell something, nothing was sorted by them."""
    if not themes:
        raise ValueError("A theme set needs a theme.")
    main.execute(delete(Theme).where(Theme.version == version))
    # a code that is gone may come to stand for another theme, which was never described so
    main.execute(delete(ThemeWording).where(ThemeWording.code.not_in([theme.code for theme in themes])))
    rows = [_row(position, theme) for position, theme in enumerate(themes)]
    for row in rows:
        row.version = version
    main.add_all(rows)
    main.flush()


def take_back(main: Session, starts_on: dt.date) -> None:
    """Forget a change that is not in force yet: nobody sorted by it."""
    for waiting in main.scalars(select(ThemeSet).where(ThemeSet.starts_on >= starts_on)).all():
        main.execute(delete(ThemeMapping).where(ThemeMapping.version == waiting.version))
        main.execute(delete(Theme).where(Theme.version == waiting.version))
        main.delete(waiting)
    main.flush()


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
