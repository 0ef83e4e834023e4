"""What a person changes of her own way in: her passphrase, and her authenticator app."""

from sqlalchemy import update

from concerns.audit.service import note_within
from concerns.people import code_tries, second_factor, sessions
from concerns.people.model import Person
from concerns.people.rules import normal_passphrase, passphrase_problem
from concerns.people.service import AccountRefused, equip
from concerns.people.signing_in import Known, in_minutes, knows
from concerns.sealing import passwords
from concerns.store.claiming import touched
from concerns.store.house import House


class WrongPassphrase(ValueError):
    """It is not hers, or too many were wrong; the text says which."""


class NotChanged(ValueError):
    """Why something stays as it was, in plain words."""


def has_passphrase(house: House, person_id: bytes) -> bool:
    """Whether she has set up here; somebody of the organisation's directory need not."""
    with house.stores.read_main() as main:
        person = main.get(Person, person_id)
    return person is not None and person.salt is not None


def confirm(house: House, person_id: bytes, passphrase: str) -> Known:
    """She who holds the session knows the passphrase too. Raises WrongPassphrase or TooManyAtOnce.

    Somebody at a desk that was left open must not guess it: wrong ones are counted, and shut nobody out at the door.
    """
    mark = code_tries.at_the_door(f"again {person_id.hex()}")
    pause = code_tries.pause_of(house, mark)
    if pause is not None:
        raise WrongPassphrase(f"Too many passphrases were wrong. Try again in {in_minutes(pause)}")
    with house.stores.read_main() as main:
        person = main.get(Person, person_id)
    if person is not None and person.salt is None:
        raise WrongPassphrase("You have no passphrase here yet: choose one on your own page first")
    found = knows(house, person, passphrase, passwords.AT_THE_DOOR)
    if found is None:
        code_tries.failed(house, mark)
        raise WrongPassphrase("This is not your passphrase")
    code_tries.forget(house, mark)
    return found


def first_passphrase(house: House, person_id: bytes, passphrase: str, totp_secret: str, code: str, cookie: str) -> None:
    """A passphrase and an app for somebody of the organisation's directory, who has neither yet.

    No admin's link does it: its finder would become her. The directory must have asked her for her password within the
    last ten minutes, so that nobody does it at a desk that was left open: there its own session answers for her.
    Raises NotChanged.
    """
    if not sessions.is_proven(house, person_id, cookie):
        raise NotChanged("Sign in at the directory once more, and choose the passphrase within ten minutes after that")
    step = second_factor.matching_step(totp_secret, code, house.clock(), used=0)
    if step is None:
        raise NotChanged("The code is not the one your app should show now: wait for the next one and enter that")
    with house.stores.read_main() as main:
        person = main.get_one(Person, person_id)
    try:
        equip(person, passphrase, totp_secret, house.directory / "run", passwords.AT_THE_DOOR)
    except AccountRefused as refused:
        raise NotChanged(str(refused)) from refused
    except passwords.Busy as busy:
        raise NotChanged("Too many people are signing in at this moment. Wait a minute and try again") from busy
    values = {name: getattr(person, name) for name in ("salt", "verifier", "totp")} | {"totp_step": step}
    free = (Person.salt.is_(None), Person.outside.is_not(None), Person.shut_on.is_(None))
    claim = update(Person).where(Person.id == person_id, *free).values(values)
    with house.stores.write_main() as main:
        note_within(main, house.today(), person_id, "own")
        if touched(main, claim) != 1:
            raise NotChanged("Your account has a passphrase already")
    sessions.end_others(house, person_id, cookie)


def change_passphrase(house: House, person_id: bytes, old: str, new: str, cookie: str) -> None:
    """Seal everything of hers under a new passphrase; her other sessions end, the one of `cookie` stays.

    Raises WrongPassphrase, NotChanged or TooManyAtOnce.
    """
    problem = passphrase_problem(new)
    if problem is None and normal_passphrase(new) == normal_passphrase(old):
        problem = "Choose another passphrase than the one you have"
    if problem is not None:
        raise NotChanged(problem)
    found = confirm(house, person_id, old)
    salt = passwords.new_salt()
    try:
        stretched = passwords.stretch(normal_passphrase(new), salt, house.directory / "run", passwords.AT_THE_DOOR)
    except passwords.Busy as busy:
        raise NotChanged("Too many people are signing in at this moment. Wait a minute and try again") from busy
    person, secret = found.person, found.secret()
    values: dict[str, object] = {"salt": salt, "verifier": passwords.verifier_hash(stretched.verifier)}
    if person.totp is not None:
        totp = passwords.open_secret(found.kek, person.totp, "totp", person_id)
        values["totp"] = passwords.seal_secret(stretched.kek, totp, "totp", person_id)
    if secret is not None:
        values["secret"] = passwords.seal_secret(stretched.kek, secret, "guardian", person_id)
    _store(house, person, values)
    sessions.end_others(house, person_id, cookie)


def change_app(house: House, person_id: bytes, passphrase: str, totp_secret: str, code: str, cookie: str) -> None:
    """Another authenticator app from now on; her other sessions end. Raises as `change_passphrase`."""
    if not second_factor.is_totp_secret(totp_secret):
        raise NotChanged("The square on this page was changed on its way. Scan the new one")
    step = second_factor.matching_step(totp_secret, code, house.clock(), used=0)
    if step is None:
        raise NotChanged("The code is not the one your app should show now: wait for the next one and enter that")
    found = confirm(house, person_id, passphrase)
    sealed = passwords.seal_secret(found.kek, totp_secret.encode(), "totp", person_id)
    _store(house, found.person, {"totp": sealed, "totp_step": step})
    code_tries.forget(house, person_id)
    sessions.end_others(house, person_id, cookie)


def _store(house: House, person: Person, values: dict[str, object]) -> None:
    """Made and noted, or neither. Of two changes at the same time one is made: the other one's passphrase was no longer hers."""
    same = (Person.verifier == person.verifier, Person.totp == person.totp)
    keys = Person.secret.is_not_distinct_from(person.secret)
    claim = update(Person).where(Person.id == person.id, Person.shut_on.is_(None), *same, keys).values(values)
    with house.stores.write_main() as main:
        note_within(main, house.today(), person.id, "own")
        if touched(main, claim) != 1:
            raise NotChanged("Your account was changed in another tab meanwhile. Look at it, and begin again")
