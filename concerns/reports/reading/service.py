"""Keeps what leaders type beside a report: figures, which may be corrected, and annotations, which may not."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.audit.service import note as log
from concerns.disclosure.model import Release
from concerns.disclosure.periods import Period
from concerns.reports.control import Direction
from concerns.reports.model import Annotation, TypedFigure
from concerns.reports.reading.figures import Figure
from concerns.reports.reading.rules import Note
from concerns.store.house import House
from concerns.store.inserting import insert_new, insert_or_replace

FROZEN_ALREADY = "The numbers of that period are frozen already. An annotation has to be written before them."


class NotAnnotated(Exception):
    """This annotation may not be kept; the message is a sentence for the page."""


@dataclass(frozen=True)
class NewNote:
    """An annotation as it is typed."""

    event: str
    text: str
    period: Period
    expected: str
    settles: Period | None


def figures(reader: Session) -> tuple[Figure, ...]:
    rows = reader.scalars(select(TypedFigure))
    return tuple(Figure(row.measure, Period.parse(row.period), row.tenths) for row in rows)


def notes(reader: Session) -> tuple[Note, ...]:
    """All annotations, by the period that they explain."""
    rows = reader.scalars(select(Annotation).order_by(Annotation.period, Annotation.written_on, Annotation.id))
    return tuple(
        Note(
            row.event,
            row.text,
            Period.parse(row.period),
            Direction(row.expected),
            Period.parse(row.settles) if row.settles else None,
            f"{row.written_on.day} {row.written_on.strftime('%B %Y')}",
        )
        for row in rows
    )


def frozen_periods(reader: Session) -> tuple[Period, ...]:
    return tuple(Period.parse(text) for text in reader.scalars(select(Release.period)))


def is_known(period: Period, frozen: tuple[Period, ...]) -> bool:
    """Whether numbers of any part of a period are frozen, so that leaders may have read them."""
    return any(one.start <= period.end and period.start <= one.end for one in frozen)


def type_in(house: House, person_id: bytes, period: Period, tenths: Mapping[str, int]) -> None:
    """Keep the figures of a period; a figure typed again takes the place of the one before."""
    log(house, person_id, "typed", about=str(period))
    common = {"period": str(period), "typed_by": person_id, "typed_on": house.today()}
    with house.stores.write_released() as main:
        insert_or_replace(main, TypedFigure, [{"measure": code, "tenths": n, **common} for code, n in tenths.items()])


def annotate(house: House, person_id: bytes, note_id: bytes, typed: NewNote) -> None:
    """Keep an annotation, once however often it is sent. Raises NotAnnotated where its numbers are known already."""
    _refuse_known(house, typed.period)
    log(house, person_id, "typed", about=str(typed.period))
    with house.stores.write_released() as main:
        if is_known(typed.period, frozen_periods(main)):  # frozen while she was writing
            raise NotAnnotated(FROZEN_ALREADY)
        insert_new(main, Annotation, _row(note_id, person_id, typed, house.today()))


def _refuse_known(house: House, period: Period) -> None:
    with house.stores.read_released() as main:
        if is_known(period, frozen_periods(main)):
            raise NotAnnotated(FROZEN_ALREADY)


def _row(note_id: bytes, person_id: bytes, typed: NewNote, today: dt.date) -> dict[str, object]:
    return {
        "id": note_id,
        "period": str(typed.period),
        "event": typed.event,
        "text": typed.text,
        "expected": typed.expected,
        "settles": str(typed.settles) if typed.settles else "",
        "written_by": person_id,
        "written_on": today,
    }
