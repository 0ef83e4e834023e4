"""Rows of the organisation, its divisions and its areas with their head-counts."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from concerns.store.base import Id, MainBase, new_id


class Organisation(MainBase):
    """The one organisation of this instance: what everybody may know about it."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("only_one = 1", name="only_one"),
        CheckConstraint("access IN ('open', 'codes')", name="access"),
        CheckConstraint("stage IN ('setting-up', 'pilot', 'launching', 'real')", name="stage"),
    )

    only_one: Mapped[int] = mapped_column(Integer, primary_key=True, default=1)
    #: in every envelope's context
    site_id: Mapped[bytes] = mapped_column(Id, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    #: council, children, school or nhs
    sector: Mapped[str] = mapped_column(String(20))
    #: "#rrggbb"
    colour: Mapped[str] = mapped_column(String(7))
    #: the admin's estimate, made before any flag
    flags_per_year: Mapped[int] = mapped_column(Integer)
    #: periods that ended before this day count what is triaged when their close begins
    launched_on: Mapped[dt.date] = mapped_column(Date)
    #: secrets came from a file: a banner on every page
    rehearsal: Mapped[bool] = mapped_column(Boolean, default=False)
    #: weekday names, lower case, on which guardians read
    reading_days: Mapped[list[str]] = mapped_column(JSON)
    #: who to ring: [{"name", "number", "hours", "danger": bool}], in the order shown
    signposts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: sector wording used on the report door, e.g. {"guardian": "Freedom to Speak Up Guardian"}
    wording: Mapped[dict[str, str]] = mapped_column(JSON)
    #: "open": anybody may tell; "codes": only who has a staff code
    access: Mapped[str] = mapped_column(String(8), default="open", server_default="open")
    #: setting-up, pilot (invented concerns only), launching (the pilot's are being destroyed) or real
    stage: Mapped[str] = mapped_column(String(12), default="real", server_default="real")
    #: names of the parts of set-up that the admin has settled
    settled: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    #: who reads when a concern is about a guardian, the head, the chair or the admin: {"guardian": words, …}
    read_instead: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    #: who is named for staff side: told before rules are loosened
    staff_side: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: codes of the report door's languages, in the order shown; English is always one
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en", "cy"], server_default='["en", "cy"]')
    #: what set-up drafts of the form, for guardians to sign: optional questions left out, prompts in own words by language
    questions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    #: what the admin wants the first policy to say, until the guardians sign it
    rules_wanted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    #: PNG, drawn anew from what was uploaded
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)


class Division(MainBase):
    """A part of the organisation that holds areas."""

    __tablename__ = "division"

    id: Mapped[bytes] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    areas: Mapped[list["Area"]] = relationship(back_populates="division", order_by="Area.name")


class Area(MainBase):
    """A part of the organisation with a head-count."""

    __tablename__ = "area"
    __table_args__ = (CheckConstraint("staff >= 0", name="staff"),)

    id: Mapped[bytes] = mapped_column(Id, primary_key=True, default=new_id)
    division_id: Mapped[bytes] = mapped_column(Id, ForeignKey("division.id"))
    #: short name for spreadsheets and sealed records; fixed once given
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    #: how many people work there
    staff: Mapped[int] = mapped_column(Integer)
    #: the code of the area that it became a part of; it is no longer offered, and counts as that one
    merged_into: Mapped[str | None] = mapped_column(String(60))
    division: Mapped[Division] = relationship(back_populates="areas")
