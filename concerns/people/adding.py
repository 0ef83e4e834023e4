"""Makes accounts, all or none; and finds those that nobody has set up."""

from collections.abc import Sequence

from sqlalchemy import select

from concerns.areas.queries import organisation
from concerns.audit.service import note_within
from concerns.people import service, terms
from concerns.people.model import Invitation, Person
from concerns.people.pasting import Pasted, read_people
from concerns.people.rules import normal_email
from concerns.people.sessions import utc
from concerns.store.house import House

__all__ = ["Pasted", "add", "add_by_terminal", "check", "newcomer", "read", "without_link"]


def read(house: House, text: str) -> tuple[list[Pasted], list[str]]:
    """The rows of a pasted table, and a sentence for each fault; no row may have an address that has an account."""
    with house.stores.read_main() as main:
        taken = set(main.scalars(select(Person.email)))
    return read_people(text, taken)


def check(house: House, rows: Sequence[Pasted]) -> None:
    """Raise AccountRefused where one of these addresses has an account already."""
    wanted = [normal_email(row.email) for row in rows]
    with house.stores.read_main() as main:
        taken = main.scalar(select(Person.email).where(Person.email.in_(wanted)).limit(1))
    if taken is not None:
        raise service.AccountRefused(f"Somebody already has the e-mail address {taken}")


def add(house: House, rows: Sequence[Pasted]) -> None:
    """Make all of these accounts or none. Raises AccountRefused."""
    with house.stores.write_main() as main:
        for row in rows:
            person = service.add_person(main, row.name, row.email, list(row.roles), stand_in=row.stand_in)
            if "peer" in row.roles:
                terms.start(main, person, house.today())


def add_by_terminal(house: House, name: str, email: str) -> str:
    """An admin's account made by whoever runs the server, or one that nobody has set up; returns the token of its link.

    Raises AccountRefused, and NoOrganisation before set-up.
    """
    with house.stores.write_main() as main:
        organisation(main)
        person = main.scalar(select(Person).where(Person.email == normal_email(email)))
        if person is None or "admin" not in person.roles or not service.is_new(person):
            person = service.add_person(main, name, email, ["admin"])
        note_within(main, house.today(), person.id, "by-terminal")
        person_id = person.id
    return service.new_link(house, person_id)


def newcomer(house: House, person: str) -> Person | None:
    """Whose id in hex this is, as long as she has not set up."""
    try:
        person_id = bytes.fromhex(person)
    except ValueError:
        return None
    with house.stores.read_main() as main:
        found = main.get(Person, person_id)
    return found if found is not None and service.is_new(found) else None


def without_link(house: House) -> list[Person]:
    """Everybody who has neither set up nor a link that works, by name."""
    with house.stores.read_live() as live:
        rows = live.scalars(select(Invitation)).all()
    invited = {row.person_id for row in rows if utc(row.expires_at) > house.clock()}
    with house.stores.read_main() as main:
        people = main.scalars(select(Person).where(*service.NOBODY_YET).order_by(Person.name)).all()
    return [person for person in people if person.id not in invited]
