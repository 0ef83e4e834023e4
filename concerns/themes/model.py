"""Rows of theme sets: versions of the list that says what flags are about."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from concerns.store.base import Id, MainBase, new_id


class ThemeSet(MainBase):
    """A version of the theme set; a year's releases are drawn on one version."""

    __tablename__ = "theme_set"

    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    #: the day from which guardians sort by it
    starts_on: Mapped[dt.date] = mapped_column(Date)
    themes: Mapped[list["Theme"]] = relationship(back_populates="theme_set", order_by="Theme.position")


class Theme(MainBase):
    """What a flag is about."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("version", "code"),)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(ForeignKey("theme_set.version"))
    #: short name for files and sealed records, e.g. "N01"
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    #: sector-wide spine code, e.g. "STAF"; null in a set of one's own
    spine: Mapped[str | None] = mapped_column(String(4))
    #: one of the set's groups; null where the set has none
    group: Mapped[str | None] = mapped_column(String(80))
    definition: Mapped[str] = mapped_column(String(500))
    keywords: Mapped[list[str]] = mapped_column(JSON)
    #: the admin's order
    position: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    theme_set: Mapped[ThemeSet] = relationship(back_populates="themes")


class ThemeMapping(MainBase):
    """What became of a theme of the version before: one row for each theme that its flags belong to now."""

    __tablename__ = "theme_mapping"

    #: the newer version
    version: Mapped[int] = mapped_column(ForeignKey("theme_set.version"), primary_key=True)
    old: Mapped[str] = mapped_column(String(20), primary_key=True)
    new: Mapped[str] = mapped_column(String(20), primary_key=True)


class ThemeDraft(MainBase):
    """What an admin plans for the next year; nothing of it is in force before a guardian agreed."""

    __tablename__ = "theme_draft"

    #: the version that it starts from: when another one is in force, the draft is void
    base: Mapped[int] = mapped_column(ForeignKey("theme_set.version"), primary_key=True, autoincrement=False)
    #: a plan as `editing.plan` writes it
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: it waits for a guardian
    waits: Mapped[bool] = mapped_column(Boolean)
    #: why a guardian sent it back, by the code of a fixed sentence; empty where none did
    answer: Mapped[str] = mapped_column(String(12))
    drafted_by: Mapped[bytes] = mapped_column(Id)


class ThemeWording(MainBase):
    """How a theme was described until a day: one row for each time that its words were changed at once."""

    __tablename__ = "theme_wording"
    __table_args__ = (Index(None, "code", "n"),)

    #: 1, 2, 3 … over all themes: admins' changes, and nothing of a flag, so their order may be known
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: a code stands for one theme in all versions of the set
    code: Mapped[str] = mapped_column(String(20))
    #: on which these words were replaced, and by whom: the log says both as well, and none of the words
    until: Mapped[dt.date] = mapped_column(Date)
    changed_by: Mapped[bytes] = mapped_column(Id)
    definition: Mapped[str] = mapped_column(String(500))
    keywords: Mapped[list[str]] = mapped_column(JSON)
