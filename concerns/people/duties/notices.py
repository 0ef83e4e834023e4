"""Sends each due letter once, whichever process comes first, and tries again what the mail server did not take."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.people.duties import absences, mail, reading_days
from concerns.people.duties.letters import letter
from concerns.people.duties.model import Notice
from concerns.people.duties.rules import MORNING, OVERSEER_AFTER, TOO_LATE, letters_due
from concerns.people.model import Person
from concerns.store.claiming import touched
from concerns.store.house import House, MailServer
from concerns.store.inserting import insert_new

KEPT_FOR = dt.timedelta(days=2 * TOO_LATE)


@dataclass(frozen=True)
class Owed:
    """A letter that somebody should have."""

    kind: str
    day: dt.date
    person_id: bytes
    email: str

    def __repr__(self) -> str:
        return f"Owed({self.kind}, {self.day})"  # an address must not reach a traceback


def send_due(house: House, post: mail.Post = mail.post) -> bool:
    """Send what is due and was not sent yet; returns whether the mail server took it all. Without one nothing is sent.

    A letter is claimed before it is sent, so that two processes never send it twice.
    """
    if house.mail is None or house.clock().hour < MORNING:
        return True
    with house.stores.read_main() as main:
        owed = owed_letters(main, house.today())
    with house.stores.write_live() as live:
        live.execute(delete(Notice).where(Notice.day < house.today() - KEPT_FOR))
        claimed = [one for one in owed if _claim(live, one)]
    if not claimed:
        return True
    taken: Sequence[bool] = []
    try:
        taken = _posted(house, house.mail, claimed, post)
    finally:
        _give_back(house, [one for place, one in enumerate(claimed) if place >= len(taken) or not taken[place]])
    if all(taken):
        with house.stores.write_live() as live:
            live.execute(delete(Notice).where(Notice.sent.is_(False)))  # the server works again
    return all(taken)


def owed_letters(main: Session, today: dt.date) -> list[Owed]:
    """What is due today, and to whom: a function of the calendar, the sign-ins and the leave alone."""
    newest = reading_days.newest_past(main, today, OVERSEER_AFTER)
    due = letters_due(organisation(main).reading_days, today, newest)
    if not due:
        return []
    people = [one for one in main.scalars(select(Person).order_by(Person.id)) if one.salt or one.outside]
    guardians = [one for one in people if "guardian" in one.roles]
    away = {one.person_id for one in absences.away(main, today)}
    # where all of them are away, somebody has to be told all the same
    present = [one for one in guardians if one.id not in away] or guardians
    overseers = [one for one in people if "overseer" in one.roles]
    readers = {"digest": present, "missed": present, "overseer": overseers}
    return [Owed(kind, day, one.id, one.email) for kind, day in due for one in readers[kind]]


def unsent(live: Session) -> bool:
    """Whether the mail server refused a letter, and has taken none since."""
    return live.scalar(select(Notice.day).where(Notice.sent.is_(False)).limit(1)) is not None


def _claim(live: Session, owed: Owed) -> bool:
    key = {"kind": owed.kind, "day": owed.day, "person_id": owed.person_id}
    if insert_new(live, Notice, {**key, "sent": True}):
        return True
    again = update(Notice).filter_by(**key, sent=False).values(sent=True)
    return bool(touched(live, again))


def _posted(house: House, server: MailServer, claimed: Sequence[Owed], post: mail.Post) -> list[bool]:
    desk, moment = f"{house.desk_origin}{house.desk_path}", house.clock()
    letters: list[EmailMessage] = []
    holdable: list[bool] = []
    for one in claimed:
        try:
            letters.append(letter(one.kind, server.sender, one.email, desk, moment))
            holdable.append(True)
        except ValueError:  # an address that no header can hold
            holdable.append(False)
    taken = iter(post(server, letters) if letters else [])
    return [good and next(taken, False) for good in holdable]


def _give_back(house: House, owed: Sequence[Owed]) -> None:
    if owed:
        with house.stores.write_live() as live:
            for one in owed:
                live.merge(Notice(kind=one.kind, day=one.day, person_id=one.person_id, sent=False))
