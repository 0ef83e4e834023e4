"""An account is shut: it opens by no way any more, and its name stays for the log."""

import datetime as dt

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from concerns.people import sessions
from concerns.people.model import Invitation, Passkey, Person, Recovery
from concerns.store.house import House

#: characters that the store holds of an address, and of a subject of the directory
LONGEST_ADDRESS, LONGEST_SUBJECT = 254, 512


def shut(main: Session, person: Person, today: dt.date) -> None:
    """Refuse every way in from now on; the address is free for another account.

    What her passphrase and her app proved stays, and so do the keys of a guardian for whom nobody has signed: were any
    of it deleted, whoever took it back would need a new link for her, and its finder would become her.
    """
    person.former_roles, person.roles = list(person.roles), []
    person.leaving_since = person.leaving_since or today
    person.shut_on = today
    _set_free(person)
    main.execute(delete(Passkey).where(Passkey.person_id == person.id))
    main.execute(delete(Recovery).where(Recovery.person_id == person.id))
    main.flush()


def reclaim(main: Session, person: Person) -> bool:
    """Her address and her subject of the directory are hers again; False where another account has one of them."""
    email, outside = address(person), (person.outside or "").removesuffix(_mark(person)) or None
    same = [Person.email == email, *([Person.outside == outside] if outside else [])]
    if main.scalar(select(Person.id).where(Person.id != person.id, or_(*same)).limit(1)) is not None:
        return False
    person.email, person.outside = email, outside
    return True


def address(person: Person) -> str:
    """Her e-mail address, whether her account is shut or not."""
    return person.email.removesuffix(_mark(person))


def end_all(house: House, person_id: bytes) -> None:
    """End her sessions and make her one-time links useless, at once."""
    with house.stores.write_live() as live:
        sessions.end_all(live, person_id)
        live.execute(delete(Invitation).where(Invitation.person_id == person_id))


def end_sessions(house: House, person_id: bytes) -> None:
    """End her sessions at once; she may sign in again."""
    with house.stores.write_live() as live:
        sessions.end_all(live, person_id)


def _set_free(person: Person) -> None:
    """Her old row is found by neither any more. One that is so long that the mark has no room behind it is not freed."""
    mark = _mark(person)
    if len(person.email) + len(mark) <= LONGEST_ADDRESS:
        person.email += mark
    if person.outside is not None and len(person.outside) + len(mark) <= LONGEST_SUBJECT:
        person.outside += mark


def _mark(person: Person) -> str:
    """What stands behind both while her account is shut: with a space in it nothing is an address."""
    return f" (left, {person.id.hex()[:12]})"
