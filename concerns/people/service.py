"""Accounts come to life: a one-time link, a passphrase, a second factor and, for a guardian, her keys."""

import datetime as dt
import hashlib
import secrets
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from concerns.people import second_factor
from concerns.people.duties.model import Absence
from concerns.people.model import Invitation, PeerTerm, Person
from concerns.people.rules import (
    email_problem,
    normal_email,
    normal_passphrase,
    passphrase_problem,
    roles_problem,
    stand_in_problem,
)
from concerns.people.sessions import utc
from concerns.sealing import keys, passwords, signing
from concerns.store.claiming import touched
from concerns.store.house import House

LINK_LASTS = dt.timedelta(days=14)
SEED = keys.SEED_BYTES


#: of an account with which nobody signs in yet
NOBODY_YET = (Person.salt.is_(None), Person.outside.is_(None), Person.shut_on.is_(None))


class AccountRefused(ValueError):
    """An account, a passphrase or a code that breaks a rule; the text says which, in plain words."""


class TooManyAtOnce(AccountRefused):
    """Nothing is wrong but the moment."""


class LinkGone(Exception):
    """A one-time link that was used, has expired or never was: nobody is told which."""


def add_person(main: Session, name: str, email: str, roles: list[str], *, stand_in: bool = False) -> Person:
    """A new account, not set up yet. Raises AccountRefused."""
    email = normal_email(email)
    problem = email_problem(email) or roles_problem(roles) or stand_in_problem(roles, stand_in=stand_in)
    if not name.strip():
        problem = "Enter a name"
    if problem is None and main.scalar(select(Person.id).where(Person.email == email)) is not None:
        problem = f"Somebody already has the e-mail address {email}"
    if problem is not None:
        raise AccountRefused(problem)
    person = Person(name=name.strip(), email=email, roles=sorted(set(roles)), stand_in=stand_in)
    main.add(person)
    main.flush()
    return person


def remove_newcomer(house: House, person_id: bytes) -> bool:
    """Remove an account that was never used, with its links; False where she has set up, was shut out, or is not there."""
    # of this and her first session, the store lets one have the account
    unused = (Person.id == person_id, *NOBODY_YET)
    with house.stores.write_main() as main:
        for table in (Absence, PeerTerm):
            main.execute(delete(table).where(table.person_id.in_(select(Person.id).where(*unused))))
        if touched(main, delete(Person).where(*unused)) != 1:
            return False
    with house.stores.write_live() as live:
        live.execute(delete(Invitation).where(Invitation.person_id == person_id))
    return True


def invite(house: House, person_id: bytes) -> str:
    """The token of a one-time link that lasts 14 days; earlier links of this person stop working.

    Raises AccountRefused for somebody who has set up already: a link would let its finder become her.
    """
    with house.stores.read_main() as main:
        person = main.get(Person, person_id)
    if person is None or not is_new(person):
        raise AccountRefused("This person has set up already and needs no link")
    return new_link(house, person_id)


def new_link(house: House, person_id: bytes) -> str:
    """The token of a link for a person whom the caller found fit for one."""
    token, now = secrets.token_urlsafe(32), house.clock()
    with house.stores.write_live() as live:
        live.execute(delete(Invitation).where((Invitation.person_id == person_id) | (Invitation.expires_at <= now)))
        live.add(Invitation(token_hash=token_hash(token), person_id=person_id, expires_at=now + LINK_LASTS))
    return token


def link_of(house: House, token: str) -> str:
    """The address to hand over, by a way that only this person reads."""
    return f"{house.desk_origin}{house.desk_path}welcome/{token}"


def invited(house: House, token: str) -> Person:
    """Whose link this is. Raises LinkGone."""
    with house.stores.read_live() as live:
        row = live.get(Invitation, token_hash(token))
    if row is None:
        raise LinkGone
    if utc(row.expires_at) <= house.clock():
        raise LinkGone
    with house.stores.read_main() as main:
        person = main.get(Person, row.person_id)
    if person is None or not is_new(person):
        raise LinkGone
    return person


def is_new(person: Person) -> bool:
    """Whether nobody signs in with this account yet: for any other one a link would let its finder become her."""
    return person.salt is None and person.outside is None and person.shut_on is None


def accept(house: House, token: str, passphrase: str, totp_secret: str, code: str) -> tuple[bytes, bytes | None]:
    """Set up the owner of a link; returns her id and, for a guardian, the new 64-byte secret.

    Raises LinkGone, or AccountRefused where the passphrase or the first code is no good, or too many people sign in at
    the same time (the link stays good then).
    """
    person = invited(house, token)
    step = second_factor.matching_step(totp_secret, code, house.clock(), used=0)
    if step is None:
        raise AccountRefused("The code is not the one your app should show now: wait for the next one and enter that")
    try:
        secret = equip(person, passphrase, totp_secret, house.directory / "run", passwords.AT_THE_DOOR)
    except passwords.Busy as busy:
        raise TooManyAtOnce("Too many people are signing in at this moment. Wait a minute and try again") from busy
    columns = ("salt", "verifier", "secret", "totp", "kem_public", "sign_public")
    values = {name: getattr(person, name) for name in columns} | {"totp_step": step}
    # of two people who hold the link, the store lets one have the account
    claim = update(Person).where(Person.id == person.id, *NOBODY_YET).values(values)
    with house.stores.write_main() as main:
        if touched(main, claim) != 1:
            raise LinkGone
    with house.stores.write_live() as live:
        live.execute(delete(Invitation).where(Invitation.person_id == person.id))
    return person.id, secret


def set_up_from_file(person: Person, passphrase: str, totp_secret: str, lock_folder: Path) -> bytes | None:
    """Set up a rehearsal's person from what a file says; the row is changed in the caller's session.

    Returns a guardian's 64-byte secret. Raises AccountRefused.
    """
    return equip(person, passphrase, totp_secret, lock_folder)


def equip(
    person: Person, passphrase: str, totp_secret: str, lock_folder: Path, patience: float = passwords.PATIENCE
) -> bytes | None:
    """Give a person both factors and, if she is a guardian, her keys; all sealed under her passphrase."""
    problem = passphrase_problem(passphrase)
    if problem is None and not second_factor.is_totp_secret(totp_secret):
        problem = "The second factor's secret must be at least 26 letters and digits of base 32"
    if problem is not None:
        raise AccountRefused(problem)
    salt = passwords.new_salt()
    stretched = passwords.stretch(normal_passphrase(passphrase), salt, lock_folder, patience)
    person.salt = salt
    person.verifier = passwords.verifier_hash(stretched.verifier)
    person.totp = passwords.seal_secret(stretched.kek, totp_secret.encode(), "totp", person.id)
    if "guardian" not in person.roles:
        return None
    secret = keys.new_seed() + keys.new_seed()
    person.secret = passwords.seal_secret(stretched.kek, secret, "guardian", person.id)
    person.kem_public = keys.kem_public(secret[:SEED])
    person.sign_public = signing.sign_public(secret[SEED:])
    return secret


def forget_expired_links(live: Session, now: dt.datetime) -> None:
    """Delete every one-time link that is too old to be used."""
    live.execute(delete(Invitation).where(Invitation.expires_at <= now))


def token_hash(token: str) -> bytes:
    """What the store keeps of a one-time link."""
    return hashlib.sha256(token.encode()).digest()
