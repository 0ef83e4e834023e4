"""Which account somebody of the organisation's directory has here: one that an admin made, bound at its first use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from concerns.audit.service import note_within
from concerns.people import asking, noting, sessions
from concerns.people.asking import OUTSIDE
from concerns.people.model import Person
from concerns.people.outside import provider
from concerns.people.outside.provider import NotAnew, NotProven, Proven
from concerns.people.outside.web import Away, Crowded
from concerns.people.rules import normal_email
from concerns.store.claiming import touched
from concerns.store.house import House, OutsideDirectory

GUARDIAN = (
    "You are a guardian: sign in with your passphrase. Whoever runs the organisation’s accounts could otherwise sign in "
    "as you"
)
UNKNOWN = "There is no account for you here. Ask your admin to make one with the e-mail address of your work account"
UNVERIFIED = (
    "The organisation’s directory vouches for no e-mail address of yours that can be used here, so that your account "
    "cannot be found. Tell your admin"
)
OTHERWISE = "If you have a passphrase here, you can sign in with it and a code"
BOUND = f"This account belongs to somebody else of the directory. Tell your admin. {OTHERWISE}"
AWAY = f"The organisation’s directory does not answer as it should. Try again in a few minutes. {OTHERWISE}"
CROWDED = (
    f"Many people are on their way to the organisation’s directory just now. Try again in a few minutes. {OTHERWISE}"
)
NOT_ANEW = (
    "The organisation’s directory does not say that you signed in there just now, so that no passphrase can be chosen "
    "here. Sign in through the directory as usual, and tell your admin"
)
NOT_PROVEN = "That did not work, or took longer than ten minutes. Begin again"


class OutsideRefused(Exception):
    """Why she does not come in this way, in plain words."""


@dataclass(frozen=True)
class CameBack:
    """The cookie of the new session, and where she wanted to go."""

    cookie: str
    wanted: str


def begin(
    house: House, outside: OutsideDirectory, wanted: str, *, cookie: str = "", anew: bool = False
) -> tuple[str, str]:
    """The address of the directory, and what the browser's cookie holds until it is back. Raises OutsideRefused.

    `cookie` is the one of the session that is open in this browser: it ends when another one begins, and does not come
    along when the directory sends the browser back. `anew` as in `provider.way_there`.
    """
    try:
        address, facts = provider.way_there(house, outside, anew=anew)
        return address, asking.ask(house, OUTSIDE, facts | {"wanted": wanted, "left": sessions.mark_of(cookie)})
    except (Crowded, asking.TooManyAsked) as error:
        raise OutsideRefused(CROWDED) from error
    except Away as error:
        raise OutsideRefused(AWAY) from error


def come_back(house: House, outside: OutsideDirectory, cookie: str, returned: dict[str, str]) -> CameBack:
    """Sign in whom the directory vouches for; the question is answered once. Raises OutsideRefused or NotNoted."""
    facts = asking.answer(house, OUTSIDE, cookie)
    if facts is None:
        raise OutsideRefused(NOT_PROVEN)
    try:
        proven = provider.who_came(house, outside, facts, returned)
        person = _account(house, facts, proven)
    except NotAnew as error:
        raise OutsideRefused(NOT_ANEW) from error
    except NotProven as error:
        raise OutsideRefused(NOT_PROVEN) from error
    except Crowded as error:
        raise OutsideRefused(CROWDED) from error
    except Away as error:
        raise OutsideRefused(AWAY) from error
    opened = _enter(house, person, proven.subject, anew=facts["anew"] is not None)
    sessions.end_marked(house, facts["left"])
    return CameBack(opened, facts["wanted"])


def unbind(house: House, person_id: bytes) -> bool:
    """The account is free for another subject of the directory; False where it was bound to none.

    Only one with a passphrase: any other would be new again, and whoever finds its link would become her.
    """
    bound = (Person.outside.is_not(None), Person.salt.is_not(None))
    change = update(Person).where(Person.id == person_id, *bound).values(outside=None)
    with house.stores.write_main() as main:
        return bool(touched(main, change))


def _account(house: House, facts: Mapping[str, Any], proven: Proven) -> Person:
    """The account that is hers from earlier on, or the one with her address. Raises NotProven, Away or OutsideRefused."""
    person = _found(house, Person.outside == proven.subject)
    if person is None:
        email = provider.email_of(facts, proven)
        if email is None:
            raise OutsideRefused(UNVERIFIED)
        person = _found(house, Person.email == normal_email(email))
    if person is None or person.shut_on is not None:
        raise OutsideRefused(UNKNOWN)
    if is_guardian(person):
        raise OutsideRefused(GUARDIAN)
    if person.outside not in (None, proven.subject):
        raise OutsideRefused(BOUND)
    return person


def _enter(house: House, person: Person, subject: str, *, anew: bool) -> str:
    """Note that she came in, bind her account at its first use, and begin the session; nothing without the note."""
    if person.outside is None:
        _bind(house, person, subject)
    else:
        noting.signed_in(house, person.id, None, "in-outside")
    return sessions.start(house, person.id, None, proven=anew)


def _found(house: House, same: ColumnElement[bool]) -> Person | None:
    with house.stores.read_main() as main:
        return main.scalar(select(Person).where(same))


def is_guardian(person: Person) -> bool:
    """Whether she is one, or has keys: whatever else she may be, the directory opens no door for her."""
    return "guardian" in person.roles or person.secret is not None or person.kem_public is not None


def _bind(house: House, person: Person, subject: str) -> None:
    """At the first use, which is noted with it; of two subjects with one address the store lets one have the account."""
    free = (Person.outside.is_(None), Person.shut_on.is_(None), Person.email == person.email)
    claim = update(Person).where(Person.id == person.id, *free).values(outside=subject)
    try:
        with house.stores.write_main() as main:
            note_within(main, house.today(), person.id, "in-outside")
            if touched(main, claim) != 1:
                raise OutsideRefused(BOUND)
    except IntegrityError as taken:
        raise OutsideRefused(BOUND) from taken
