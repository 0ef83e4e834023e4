"""A guardian's leave: from when until when, and who is away."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from concerns.people.duties.model import Absence
from concerns.people.model import Person
from concerns.store.house import House

#: how far ahead leave can begin or end, in days
FURTHEST = 2 * 366


@dataclass(frozen=True)
class Away:
    """Somebody's leave, with her name."""

    person_id: bytes
    name: str
    first: dt.date
    last: dt.date


def leave_of(main: Session, person_id: bytes, today: dt.date) -> Absence | None:
    """A person's leave that is not over yet."""
    row = main.get(Absence, person_id)
    return row if row is not None and row.last >= today else None


def away(main: Session, day: dt.date) -> list[Away]:
    """Guardians who are on leave on this day, by name."""
    rows = (
        select(Person, Absence)
        .join(Absence, Absence.person_id == Person.id)
        .where(Absence.first <= day, Absence.last >= day)
        .order_by(Person.name, Person.id)
    )
    return [
        Away(person.id, person.name, absence.first, absence.last)
        for person, absence in main.execute(rows)
        if "guardian" in person.roles
    ]


def set_leave(house: House, person_id: bytes, first: dt.date, last: dt.date) -> None:
    """This is her leave now, in place of an earlier one."""
    with house.stores.write_main() as main:
        main.merge(Absence(person_id=person_id, first=first, last=last))


def end_leave(house: House, person_id: bytes) -> None:
    """She is back, or is not going."""
    with house.stores.write_main() as main:
        main.execute(delete(Absence).where(Absence.person_id == person_id))
