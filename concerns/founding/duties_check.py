"""What the self-check says of the hourly round and of the mail server."""

from collections.abc import Iterator

from sqlalchemy import select

from concerns.founding.rounds import last_round
from concerns.people.duties.notices import unsent
from concerns.people.model import Person
from concerns.store.house import House


def problems(house: House) -> Iterator[tuple[bool | None, str]]:
    """(False for a fault, None for something to know; one plain sentence)."""
    last = last_round(house)
    if last is None:
        yield None, "No round of duties has run yet: there is one every hour inside `concerns run`."
    else:
        day, failed = last
        if failed:
            yield False, f"In the last round, on {day}, this did not work: {', '.join(failed)}. It is tried every hour."
        elif (house.today() - day).days > 1:
            yield None, f"The last round of duties was on {day}: there is one every hour inside `concerns run`."
    if house.mail is None:
        yield None, "No mail server is set: nobody is written to about reading days."
    else:
        with house.stores.read_live() as live:
            if unsent(live):
                yield False, "The mail server refused a letter, and has taken none since."
    with house.stores.read_main() as main:
        if not any("overseer" in roles for roles in main.scalars(select(Person.roles))):
            yield None, "There is no overseer: nobody outside the guardians is told when reading days are missed."
