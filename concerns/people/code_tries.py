"""Counts tried codes, person by person: a stolen passphrase must not let its thief guess the second factor."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from concerns.people.model import CodeTries
from concerns.people.sessions import utc
from concerns.store.house import House

FREE = 5
LONGEST = 60  # minutes


def claim(house: House, person_id: bytes) -> dt.timedelta | None:
    """Count one try before its code is looked at; None, or how long no code of hers is looked at any more.

    Counting first makes many tries at the same time as good as one after the other.
    """
    try:
        return _claim(house, person_id)
    except IntegrityError:  # two first tries at the same time: the second one finds the row of the first
        return _claim(house, person_id)


def forget(house: House, person_id: bytes) -> None:
    """The code was right."""
    with house.stores.write_live() as live:
        live.execute(delete(CodeTries).where(CodeTries.person_id == person_id))


def pause_after(count: int) -> dt.timedelta:
    """Four wrong codes cost nothing; from the fifth on each costs twice the minutes of the one before, up to an hour."""
    if count < FREE:
        return dt.timedelta(0)
    return dt.timedelta(minutes=min(LONGEST, 2 ** min(count - FREE, 10)))


def _claim(house: House, person_id: bytes) -> dt.timedelta | None:
    now = house.clock()
    with house.stores.write_live() as live:
        row = live.get(CodeTries, person_id, with_for_update=True)
        if row is None:
            row = CodeTries(person_id=person_id, count=0, until=now)
            live.add(row)
        elif utc(row.until) > now:
            return utc(row.until) - now
        row.count = min(row.count + 1, 1000)
        row.until = now + pause_after(row.count)
    return None
