"""Sign-in: one slow stretch of the passphrase, then the code; the same work and the same answer for a stranger."""

import datetime as dt
import hmac
import math
from dataclasses import dataclass

from sqlalchemy import select, update

from concerns.areas.model import Organisation
from concerns.people import code_tries, noting, second_factor, sessions
from concerns.people.model import Person
from concerns.people.remembering import remember_manifest
from concerns.people.rules import normal_email, normal_passphrase
from concerns.sealing import passwords
from concerns.store.house import House


class SignInRefused(Exception):
    """The address, the passphrase or the code is wrong: which of them is not said."""


class TooManyCodes(SignInRefused):
    """The passphrase was right, but too many codes were wrong: no further one is looked at for a while."""

    def __init__(self, pause: dt.timedelta) -> None:
        minutes = math.ceil(pause.total_seconds() / 60)
        super().__init__(
            f"Too many codes were wrong. Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}. "
            "If it was not you who tried them, somebody knows your passphrase: tell your admin"
        )


class TooManyAtOnce(SignInRefused):
    """Nobody was asked who this is: too many people are signing in."""

    def __init__(self) -> None:
        super().__init__("Too many people are signing in at this moment. Wait a minute and try again")


@dataclass(frozen=True)
class Unlocked:
    """A person whose passphrase was right, and her 64-byte secret if she is a guardian."""

    person_id: bytes
    secret: bytes | None


def sign_in(house: House, email: str, passphrase: str, code: str) -> str:
    """Begin a session; returns the cookie's value. Raises SignInRefused or NotNoted."""
    unlocked = unlock(house, email, passphrase, code, passwords.AT_THE_DOOR)
    noting.signed_in(house, unlocked.person_id, unlocked.secret)
    if unlocked.secret is not None:
        remember_manifest(house, unlocked.person_id, unlocked.secret)
    return sessions.start(house, unlocked.person_id, unlocked.secret)


def unlock(
    house: House, email: str, passphrase: str, code: str | None, patience: float = passwords.PATIENCE
) -> Unlocked:
    """Check both factors and open the person's secret. Raises SignInRefused, also after `patience` seconds in line.

    Without a code (None) only in a rehearsal, whose secrets came from a file anyway.
    """
    with house.stores.read_main() as main:
        person = main.scalar(select(Person).where(Person.email == normal_email(email)))
        rehearsal = main.scalar(select(Organisation.rehearsal))
    # a stranger, and somebody who has not set up yet, cost the same stretch
    salt = person.salt if person is not None and person.salt else passwords.new_salt()
    try:
        stretched = passwords.stretch(normal_passphrase(passphrase), salt, house.directory / "run", patience)
    except passwords.Busy as busy:
        raise TooManyAtOnce from busy
    offered = passwords.verifier_hash(stretched.verifier)
    known = person.verifier if person is not None and person.verifier else bytes(32)
    if not hmac.compare_digest(offered, known) or person is None:
        raise SignInRefused
    if code is not None or not rehearsal:
        _use_code(house, person, stretched.kek, code or "")
    secret = passwords.open_secret(stretched.kek, person.secret, "guardian", person.id) if person.secret else None
    return Unlocked(person.id, secret)


def _use_code(house: House, person: Person, kek: bytes, code: str) -> None:
    if person.totp is None:
        raise SignInRefused
    pause = code_tries.claim(house, person.id)
    if pause is not None:
        raise TooManyCodes(pause)
    totp = passwords.open_secret(kek, person.totp, "totp", person.id).decode()
    step = second_factor.matching_step(totp, code, house.clock(), person.totp_step)
    if step is None:
        raise SignInRefused
    # two requests with the same code: the store lets one of them have the step
    claim = update(Person).where(Person.id == person.id, Person.totp_step < step).values(totp_step=step)
    with house.stores.write_main() as main:
        if main.execute(claim, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
            raise SignInRefused
    code_tries.forget(house, person.id)
