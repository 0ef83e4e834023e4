"""Sign-in: one slow stretch of the passphrase, then the code; the same work and the same answer for a stranger."""

import datetime as dt
import hmac
import math
from dataclasses import dataclass, field

from sqlalchemy import select, update

from concerns.areas.model import Organisation
from concerns.people import code_tries, noting, second_factor, sessions
from concerns.people.model import Person
from concerns.people.passkeys.ceremony import host
from concerns.people.remembering import remember_manifest
from concerns.people.rules import normal_email, normal_passphrase
from concerns.sealing import passwords
from concerns.store.claiming import touched
from concerns.store.house import House


class SignInRefused(Exception):
    """The address, the passphrase or the second factor is wrong: which of them is not said."""


class TooManyCodes(SignInRefused):
    """The passphrase was right, but too many codes were wrong: no further one is looked at for a while."""

    def __init__(self, pause: dt.timedelta) -> None:
        super().__init__(
            f"Too many codes were wrong. Try again in {in_minutes(pause)}. "
            "If it was not you who tried them, somebody knows your passphrase: tell your admin"
        )


class TooManyPassphrases(SignInRefused):
    """Too many passphrases were wrong for this address, whether anybody has it or not: none is looked at for a while."""

    def __init__(self, pause: dt.timedelta, *, passkeys: bool) -> None:
        said = f"Too many passphrases were wrong for this address. Try again in {in_minutes(pause)}"
        super().__init__(f"{said}. Who has a passkey can use it meanwhile" if passkeys else said)


class TooManyAtOnce(SignInRefused):
    """Nobody was asked who this is: too many people are signing in."""

    def __init__(self) -> None:
        super().__init__("Too many people are signing in at this moment. Wait a minute and try again")


@dataclass(frozen=True)
class Unlocked:
    """A person whose passphrase was right, and her 64-byte secret if she is a guardian."""

    person_id: bytes
    secret: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Known:
    """Who knows her passphrase, and the key-encryption key[32] that follows from it."""

    person: Person
    kek: bytes

    def secret(self) -> bytes | None:
        """A guardian's 64-byte secret; None for everybody else."""
        if not self.person.secret:
            return None
        return passwords.open_secret(self.kek, self.person.secret, "guardian", self.person.id)

    def __repr__(self) -> str:
        return f"Known({self.person.email})"  # a key must not reach a traceback


def sign_in(house: House, email: str, passphrase: str, code: str) -> str:
    """Begin a session; returns the cookie's value. Raises SignInRefused or NotNoted."""
    return enter(house, unlock(house, email, passphrase, code, passwords.AT_THE_DOOR))


def enter(house: House, unlocked: Unlocked) -> str:
    """Begin the session of somebody who proved who she is; returns the cookie's value. Raises NotNoted."""
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
        rehearsal = main.scalar(select(Organisation.rehearsal))
    mark = code_tries.at_the_door(normal_email(email))
    pause = code_tries.pause_of(house, mark)
    if pause is not None:
        raise TooManyPassphrases(pause, passkeys=host(house) is not None)
    found = known(house, email, passphrase, patience)
    if found is None:
        code_tries.failed(house, mark)
        raise SignInRefused
    if code is not None or not rehearsal:
        _use_code(house, found.person, found.kek, code or "")
    code_tries.forget(house, mark)
    return Unlocked(found.person.id, found.secret())


def known(house: House, email: str, passphrase: str, patience: float) -> Known | None:
    """Whose address and passphrase these are, at the cost of one stretch whoever asks. Raises TooManyAtOnce.

    Nobody may be told the answer before a second factor was right.
    """
    with house.stores.read_main() as main:
        person = main.scalar(select(Person).where(Person.email == normal_email(email)))
    return knows(house, person, passphrase, patience)


def knows(house: House, person: Person | None, passphrase: str, patience: float) -> Known | None:
    """The same for a person's row: a stranger, and somebody who has not set up yet, cost the same stretch."""
    salt = person.salt if person is not None and person.salt else passwords.new_salt()
    try:
        stretched = passwords.stretch(normal_passphrase(passphrase), salt, house.directory / "run", patience)
    except passwords.Busy as busy:
        raise TooManyAtOnce from busy
    offered = passwords.verifier_hash(stretched.verifier)
    kept = person.verifier if person is not None and person.verifier else bytes(32)
    if not hmac.compare_digest(offered, kept) or person is None or person.shut_on is not None:
        return None
    return Known(person, stretched.kek)


def in_minutes(pause: dt.timedelta) -> str:
    minutes = math.ceil(pause.total_seconds() / 60)
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"


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
        if touched(main, claim) != 1:
            raise SignInRefused
    code_tries.forget(house, person.id)
