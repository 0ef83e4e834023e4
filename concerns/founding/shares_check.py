"""What the self-check says of guardians’ recovery shares: made or not, and when two of them were last tried."""

from collections.abc import Iterator

from concerns.audit.rules import in_words
from concerns.founding.finding import Finding, asks
from concerns.people.road import DRILL, shares_of
from concerns.store.house import House

__all__ = ["DRILL", "problems"]


def problems(house: House) -> Iterator[Finding]:
    """One line for each guardian with keys. What the shares open is not looked at: they are on paper."""
    today = house.today()
    with house.stores.read_main() as main:
        found = shares_of(main)
    for one in found:
        if one.made_on is None:
            yield asks("shares", f"{one.name} has no recovery shares: a lost passphrase would cost her keys.")
        elif one.tried_on is None:
            yield asks("shares", f"{one.name}’s shares, made on {in_words(one.made_on)}, were never tried.")
        elif one.is_old(today):
            yield asks("shares", f"{one.name}’s shares were last tried on {in_words(one.tried_on)}: try them again.")
        else:
            yield Finding("shares", True, f"{one.name}’s shares were last tried on {in_words(one.tried_on)}.")
