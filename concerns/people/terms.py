"""From when until when a peer may look: the admin says so when she invites her, and may change the last day."""

import datetime as dt

from sqlalchemy import update
from sqlalchemy.orm import Session

from concerns.people.model import PeerTerm, Person

#: three months, where nobody says otherwise; and the longest that may be said at once
USUAL, LONGEST = dt.timedelta(days=92), dt.timedelta(days=366)


def start(main: Session, person: Person, today: dt.date, last: dt.date | None = None) -> None:
    """A new peer's time begins."""
    main.add(PeerTerm(person_id=person.id, first=today, last=last or today + USUAL))
    main.flush()


def move(main: Session, person_id: bytes, last: dt.date) -> None:
    """Another last day for a peer who is there."""
    row = main.get_one(PeerTerm, person_id)
    row.last = last
    main.flush()


def move_all(main: Session, last: dt.date) -> None:
    """The same last day for every peer who is there."""
    main.execute(update(PeerTerm).values(last=last))


def last_day(main: Session, person_id: bytes) -> dt.date | None:
    """The last day on which a peer may look; None for somebody who has no time at all."""
    row = main.get(PeerTerm, person_id)
    return row.last if row else None


def roles_on(main: Session, person: Person, today: dt.date) -> frozenset[str]:
    """What somebody may be on this day: a peer whose time is over, or who has none, is none."""
    roles = frozenset(person.roles)
    if "peer" not in roles:
        return roles
    last = last_day(main, person.id)
    return roles if last is not None and today <= last else roles - {"peer"}


def last_day_problem(last: dt.date, today: dt.date) -> str | None:
    """What is wrong with a last day; None when nothing is."""
    if last < today:
        return "Choose today or a later day"
    if last > today + LONGEST:
        return "Choose a day within a year: you can move it later"
    return None
