"""An admin says that somebody leaves, takes it back, ends her sessions; the state of it all for the page."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.charter import steps as changes
from concerns.charter.model import CharterPage
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.people import guardianship, sessions
from concerns.people.leaving import rules, shutting
from concerns.people.leaving.rules import Step
from concerns.people.model import Person, Recovery
from concerns.people.rules import ROLE_NAMES
from concerns.store.house import House


class LeavingRefused(ValueError):
    """Why it cannot be done, in plain words."""


@dataclass(frozen=True)
class Account:
    """One account as its page shows it to an admin."""

    id: str
    name: str
    email: str
    roles: str
    #: nothing but whether there are any
    signed_in: bool
    #: she signs in through the organisation's directory
    outside: bool
    has_passphrase: bool
    leaving_since: dt.date | None
    shut_on: dt.date | None
    #: her key opens flags: only two guardians can take it away
    reads: bool
    steps: tuple[Step, ...]
    passes_on: tuple[str, ...]


def account(house: House, person_id: bytes) -> Account | None:
    """What an admin may know of an account; None where there is none."""
    with house.stores.read_main() as main:
        person = main.get(Person, person_id)
        if person is None:
            return None
        reads = _reads(main, house, person)
        steps = _steps(main, house, person, reads=reads)
    roles = person.former_roles if person.shut_on else person.roles
    return Account(
        id=person.id.hex(),
        name=person.name,
        email=shutting.address(person),
        roles=", ".join(text for role, text in ROLE_NAMES.items() if role in roles) or "None",
        signed_in=sessions.are_open(house, person.id),
        outside=person.outside is not None,
        has_passphrase=person.salt is not None,
        leaving_since=person.leaving_since,
        shut_on=person.shut_on,
        reads=reads,
        steps=tuple(steps),
        passes_on=tuple(rules.passed_on(roles)),
    )


def leave(house: House, person_id: bytes) -> bool:
    """She leaves; whether her account is shut at once. A guardian's is shut once two others have signed her removal.

    Raises LeavingRefused.
    """
    with house.stores.write_main() as main:
        _hold_charter(main)
        # two admins who shut each other's account at the same time: one of them stays
        everybody = select(Person).order_by(Person.id).with_for_update()
        people = {person.id: person for person in main.scalars(everybody)}
        person = people.get(person_id)
        if person is None or person.shut_on is not None:
            raise LeavingRefused("This account is shut already")
        if person.salt is None and person.outside is None and person.kem_public is None:
            raise LeavingRefused("Nobody has set this account up: remove it on the page before")
        if "admin" in person.roles and not any(
            _administers(house, one) for one in people.values() if one.id != person_id
        ):
            raise LeavingRefused("No other admin can sign in here. Make another account with that role first")
        person.leaving_since = person.leaving_since or house.today()
        if _reads(main, house, person):
            return False
        shutting.shut(main, person, house.today())
        _stop_signing_for(main, house, person_id)
    shutting.end_all(house, person_id)
    return True


def take_back(house: House, person_id: bytes) -> bool:
    """She stays after all, with the roles she had and what she signed in with; returns whether she begins anew.

    Only a guardian whose keys two others took away does: she comes back as a guardian and nothing else, with a link
    and new keys, for which two others sign. Raises LeavingRefused.
    """
    with house.stores.write_main() as main:
        _hold_charter(main)
        person = main.get(Person, person_id, with_for_update=True)
        if person is None or person.leaving_since is None:
            raise LeavingRefused("Nobody said that this person leaves")
        shut = person.shut_on is not None
        anew = shut and _reopen(main, person)
        person.leaving_since = person.shut_on = None
        main.flush()
        with suppress(CharterRefused):
            guardianship.put_up_manifest(main)  # she may have keys
    if shut:
        # a sign-in that was under way when the account was shut may have begun a session afterwards
        shutting.end_all(house, person_id)
    return anew


def _reopen(main: Session, person: Person) -> bool:
    """What her account was before it was shut; returns whether she has to begin anew. Raises LeavingRefused."""
    if not shutting.reclaim(main, person):
        raise LeavingRefused(
            "Another account has the e-mail address, or the account of the directory, of this one by now: that one has to "
            "leave first"
        )
    person.roles, person.former_roles = list(person.former_roles), []
    # keys for which nobody had signed were not taken away: with them she is who she was
    if "guardian" not in person.roles or person.kem_public is not None:
        return False
    # a link lets its finder become her: it brings no other role back
    person.roles = ["guardian"]
    person.salt = person.verifier = person.totp = None
    person.totp_step = 0
    return True


def _hold_charter(main: Session) -> None:
    """Whoever signs for keys at this moment was first, or waits until this is done."""
    with suppress(CharterRefused):  # refused or not, the rows are held
        charter.first_rows(main, lock=True)


def _stop_signing_for(main: Session, house: House, person_id: bytes) -> None:
    """Nothing that waits for signatures names her any more, and everybody who is left may have keys."""
    with suppress(NotOpenYet, CharterRefused):
        step = changes.waiting(main, house.directory, house.today())
        if step is not None and any(one.person_id == person_id for one in step.added):
            main.delete(main.get_one(CharterPage, ("manifest", step.after.version)))
            main.flush()
    with suppress(CharterRefused):
        drafts = None if guardianship.put_up_manifest(main) else charter.drafts(main)
        if drafts is not None and drafts[0].by_person(person_id) is not None and not any(drafts[2].values()):
            main.delete(main.get_one(CharterPage, ("manifest", 1)))


def _administers(house: House, person: Person) -> bool:
    """Whether she is an admin who can sign in: by the directory only where it is the one that is set up now."""
    bound, outside = person.outside or "", house.outside
    usable = person.salt is not None or (outside is not None and bound.startswith(f"{outside.issuer}|"))
    return "admin" in person.roles and person.shut_on is None and usable


def _reads(main: Session, house: House, person: Person) -> bool:
    """Whether guardians have signed for her key, or begun to; where the charter is refused, whether they may have."""
    if "guardian" not in person.roles:
        return False
    try:
        return charter.current(main, house.directory).manifest.by_person(person.id) is not None
    except NotOpenYet:
        drafts = charter.drafts(main)
        if drafts is None:
            return False
        return drafts.manifest.by_person(person.id) is not None and any(drafts.signed.values())
    except CharterRefused:
        return person.kem_public is not None


def _steps(main: Session, house: House, person: Person, *, reads: bool) -> list[Step]:
    proposed, enough = False, True
    with suppress(NotOpenYet, CharterRefused):
        others = [
            one for one in charter.current(main, house.directory).manifest.guardians if one.person_id != person.id
        ]
        enough = len(others) >= charter.LEAST_GUARDIANS and not all(one.stand_in for one in others)
        step = changes.waiting(main, house.directory, house.today())
        proposed = step is not None and any(one.person_id == person.id for one in step.removed)
    found = organisation(main)
    return rules.in_order(
        reads=reads,
        shut=person.shut_on is not None,
        proposed=proposed,
        enough=enough,
        shares_of=_shares_kept(main, person),
        places=rules.named_at(person.name, found.signposts, found.read_instead, found.staff_side),
    )


def _shares_kept(main: Session, person: Person) -> list[str]:
    """Whose shares she keeps on paper, by the names that guardians wrote down."""
    rows = main.execute(
        select(Person.name, Recovery.custodians).join(Recovery, Recovery.person_id == Person.id).order_by(Person.name)
    )
    return [name for name, custodians in rows if any(rules.names(one, person.name) for one in custodians)]
