"""Rows of theme sets: versions of the list that says what flags are about."""

import datetime as dt

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
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
