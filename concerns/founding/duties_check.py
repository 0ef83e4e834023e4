"""What the self-check says of the hourly round and of the mail server."""

from collections.abc import Iterator

from sqlalchemy import func, select

from concerns.audit.rules import in_words
from concerns.founding.finding import Finding, asks
from concerns.founding.rounds import last_round
from concerns.people.duties.model import Notice
from concerns.people.duties.notices import unsent
from concerns.people.model import Person
from concerns.store.house import House

NAME = "duties"
_EVERY = "there is one every hour inside `concerns run`."
_AGAIN = "It is tried every hour."


def problems(house: House) -> Iterator[Finding]:
    """The round first, then the letters, then who would be told where guardians miss their days."""
    yield _round(house)
    yield from _letters(house)
    with house.stores.read_main() as main:
        if not any("overseer" in roles for roles in main.scalars(select(Person.roles))):
            yield asks(NAME, "There is no overseer: nobody outside the guardians is told when reading days are missed.")


def _round(house: House) -> Finding:
    last = last_round(house)
    if last is None:
        return asks(NAME, f"No round of duties has run yet: {_EVERY}")
    day, failed = last
    if failed:
        return Finding(
            NAME, False, f"In the last round, on {in_words(day)}, this did not work: {', '.join(failed)}. {_AGAIN}"
        )
    late = (house.today() - day).days > 1
    words = f"The last round of duties was on {in_words(day)}"
    return asks(NAME, f"{words}: {_EVERY}") if late else Finding(NAME, True, f"{words}, and all of it worked.")


def _letters(house: House) -> Iterator[Finding]:
    if house.mail is None:
        yield Finding(NAME, None, "No mail server is set: nobody is written to about reading days.")
        return
    with house.stores.read_live() as live:
        refused, taken = unsent(live), live.scalar(select(func.max(Notice.day)).where(Notice.sent.is_(True)))
    if refused:
        yield Finding(NAME, False, "The mail server refused a letter, and has taken none since.")
    elif taken is not None:
        yield Finding(NAME, True, f"The mail server took the letters of {in_words(taken)}.")
    else:
        yield Finding(NAME, None, "No letter was due in the last days.")
