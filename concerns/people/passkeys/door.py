"""Signing in with a passkey: address and passphrase first, then the device; nobody is told which of them was wrong."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update

from concerns.people import asking, code_tries, sessions, signing_in
from concerns.people.asking import PASSKEY_IN
from concerns.people.model import Passkey, Person
from concerns.people.passkeys import ceremony
from concerns.people.signing_in import SignInRefused, Unlocked
from concerns.sealing import passwords
from concerns.sealing.text import from_text, to_text
from concerns.store.base import new_id
from concerns.store.claiming import touched
from concerns.store.house import House


class Copied(SignInRefused):
    """Everything was right but the count: said plainly, since only her passphrase and her passkey lead here."""

    def __init__(self) -> None:
        super().__init__(
            "This passkey may have been copied: it was used elsewhere since you last signed in with it here. "
            "Sign in with a code, and remove the passkey"
        )


class TooManyWithPasskey(SignInRefused):
    """Said to nobody but who holds the device, whether the passphrase was right or not."""

    def __init__(self, pause: dt.timedelta) -> None:
        super().__init__(
            f"Too many passphrases were wrong with this passkey. Try again in {signing_in.in_minutes(pause)}, or sign in "
            "with a code. If it was not you who tried them, somebody has your device: remove the passkey"
        )


@dataclass(frozen=True)
class Question:
    """What the page asks the browser: the options as JSON, and where she wanted to go."""

    options: str
    wanted: str


def begin(house: House, email: str, passphrase: str, wanted: str) -> str:
    """Look at the passphrase and ask for a passkey, whether it was right or not; returns what the cookie holds.

    For the few minutes until the answer a guardian's secret lies sealed under a key that only this cookie holds.
    A wrong passphrase is not counted here: without a passkey nobody learns that it was wrong. Raises TooManyAtOnce.
    """
    found = signing_in.known(house, email, passphrase, passwords.AT_THE_DOOR)
    secret = found.secret() if found is not None else None
    facts = {
        "asked": ceremony.challenge(),
        "wanted": wanted,
        "person": (found.person.id if found is not None else new_id()).hex(),
        # a passphrase that is changed meanwhile is not good any more
        "verifier": to_text((found.person.verifier if found is not None else None) or bytes(32)),
        "secret": to_text(secret or sessions.NOTHING),
    }
    try:
        return asking.ask(house, PASSKEY_IN, facts)
    except asking.TooManyAsked as many:
        raise signing_in.TooManyAtOnce from many


def question(house: House, cookie: str) -> Question | None:
    """What is asked; None where the question is answered or too old."""
    facts = asking.asked(house, PASSKEY_IN, cookie)
    return Question(ceremony.asks_for_known(house, facts["asked"]), facts["wanted"]) if facts is not None else None


def finish(house: House, cookie: str, answer: str) -> str:
    """Begin the session; returns its cookie. The question is answered once. Raises SignInRefused or NotNoted."""
    facts = asking.answer(house, PASSKEY_IN, cookie)
    if facts is None:
        raise SignInRefused
    with house.stores.read_main() as main:
        person = main.get(Person, bytes.fromhex(facts["person"]))
        named = select(Passkey).where(Passkey.credential_id == _named(answer))
        passkey = main.scalar(named)
    if passkey is None:
        raise SignInRefused
    count = _checked(house, answer, facts["asked"], passkey)
    # counted before it is looked at, for whoever holds the device: of many at the same time none is free
    mark = guessed_with_passkey(passkey.person_id)
    pause = code_tries.claim(house, mark)
    if pause is not None:
        raise TooManyWithPasskey(pause)
    kept = from_text(facts["secret"])
    secret = None if kept == sessions.NOTHING else kept
    if person is None or passkey.person_id != person.id or not _same(person, facts["verifier"], secret):
        raise SignInRefused
    code_tries.forget(house, mark)
    if count is None:
        raise Copied
    _use(house, passkey, count)
    return signing_in.enter(house, Unlocked(person.id, secret))


def guessed_with_passkey(person_id: bytes) -> bytes:
    """What stands for wrong passphrases before a right passkey of hers: her codes, and the door, do not wait for them."""
    return code_tries.at_the_door(f"passkey {person_id.hex()}")


def _checked(house: House, answer: str, asked: str, passkey: Passkey) -> int | None:
    """The count after the answer; None where it is right but for the count. Raises SignInRefused."""
    try:
        return ceremony.check(house, answer, asked, passkey)
    except ceremony.PasskeyCopied:
        return None
    except ceremony.PasskeyRefused as refused:
        raise SignInRefused from refused


def _same(person: Person, verifier: str, secret: bytes | None) -> bool:
    """She may have been removed, or have changed her passphrase, since she typed it."""
    unchanged = to_text(person.verifier or b"") == verifier and (secret is None) == (person.secret is None)
    return unchanged and person.shut_on is None


def _named(answer: str) -> bytes:
    try:
        return ceremony.named_in(answer)
    except ceremony.PasskeyRefused as refused:
        raise SignInRefused from refused


def _use(house: House, passkey: Passkey, count: int) -> None:
    """Of two answers with the same count the store lets one in; one that was removed meanwhile lets nobody in."""
    claim = update(Passkey).where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
    with house.stores.write_main() as main:
        if touched(main, claim.values(sign_count=count)) != 1:
            raise SignInRefused
