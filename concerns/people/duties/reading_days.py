"""Keeps one row for each reading day: it is missed until any guardian signs in on it."""

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.charter import service as charter
from concerns.people.duties.model import ReadingDay
from concerns.people.duties.rules import LOOKS_BACK, Month, Tally, by_month, months_before, reading_days_between
from concerns.store.house import House
from concerns.store.inserting import insert_new

MONTHS_SHOWN = 12


def begin(house: House) -> None:
    """Write down each reading day up to today as missed so far, also those of a standstill. Before the opening: none.

    The first row ever is that of the first reading day on which this runs: days before it were not watched.
    """
    today = house.today()
    with house.stores.read_main() as main:
        names = _reading_days(main, house)
        newest = main.scalar(select(func.max(ReadingDay.day)))
    first = today if newest is None else newest + dt.timedelta(days=1)
    days = reading_days_between(names, first, today)
    if days:
        with house.stores.write_main() as main:
            for day in days:
                insert_new(main, ReadingDay, {"day": day, "kept": False})


def keep(house: House) -> None:
    """A guardian has signed in: where this is a reading day, it is kept."""
    today = house.today()
    with house.stores.read_main() as main:
        row = main.get(ReadingDay, today)
        if row is not None and row.kept:
            return
    if row is None:
        begin(house)  # the first to notice the day, after a standstill perhaps
    with house.stores.write_main() as main:
        main.execute(update(ReadingDay).where(ReadingDay.day == today).values(kept=True))


def tally(main: Session, today: dt.date) -> Tally:
    """How the reading days of the last three months were kept, today left out."""
    days = _past(main, today, months_before(today, LOOKS_BACK))
    return Tally(sum(kept for _day, kept in days), len(days))


def months(main: Session, today: dt.date) -> list[Month]:
    """The same month by month, for the last year, the newest first."""
    return by_month(_past(main, today, months_before(today, MONTHS_SHOWN).replace(day=1)))


def newest_past(main: Session, today: dt.date, most: int) -> list[tuple[dt.date, bool]]:
    """The newest reading days before today, the newest first."""
    rows = select(ReadingDay.day, ReadingDay.kept).where(ReadingDay.day < today)
    return [(day, kept) for day, kept in main.execute(rows.order_by(ReadingDay.day.desc()).limit(most))]


def _past(main: Session, today: dt.date, since: dt.date) -> list[tuple[dt.date, bool]]:
    rows = select(ReadingDay.day, ReadingDay.kept).where(ReadingDay.day >= since, ReadingDay.day < today)
    return [(day, kept) for day, kept in main.execute(rows)]


def _reading_days(main: Session, house: House) -> list[str]:
    """The names of the reading days; none before the service is open."""
    try:
        charter.current(main, house.directory)
    except charter.NotOpenYet:
        return []
    except charter.CharterRefused:
        pass  # somebody changed the charter: all the more must guardians come
    return main.scalar(select(Organisation.reading_days)) or []
