"""A person's own passkeys: added with her passphrase, named, and removed."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from concerns.areas.queries import organisation
from concerns.audit.service import note_within
from concerns.people import asking
from concerns.people.asking import PASSKEY_ADD
from concerns.people.model import Passkey, Person
from concerns.people.own.service import confirm
from concerns.people.passkeys import ceremony
from concerns.store.claiming import touched
from concerns.store.house import House

MOST = 10


class NotAdded(ValueError):
    """Why a passkey could not be added, in plain words."""


@dataclass(frozen=True)
class Question:
    """What the page asks the browser, and what the new passkey shall be called."""

    options: str
    name: str


def of(house: House, person_id: bytes) -> list[Passkey]:
    """Her passkeys, by name."""
    with house.stores.read_main() as main:
        found = main.scalars(select(Passkey).where(Passkey.person_id == person_id))
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def begin(house: House, person_id: bytes, passphrase: str, name: str) -> str:
    """Begin to add one; returns what the cookie holds. Raises NotAdded, WrongPassphrase or TooManyAtOnce."""
    if ceremony.host(house) is None:
        raise NotAdded("Passkeys need a desk with a name: this one is reached by a number")
    if len(of(house, person_id)) >= MOST:
        raise NotAdded(f"You have {MOST} passkeys: remove one first")
    confirm(house, person_id, passphrase)
    facts = {"asked": ceremony.challenge(), "name": name, "person": person_id.hex()}
    try:
        return asking.ask(house, PASSKEY_ADD, facts)
    except asking.TooManyAsked as many:
        raise NotAdded("Too many people are adding passkeys at this moment. Wait a minute and try again") from many


def question(house: House, person_id: bytes, cookie: str) -> Question | None:
    """What is asked; None where the question is answered, too old or somebody else's."""
    facts = asking.asked(house, PASSKEY_ADD, cookie)
    if facts is None or facts["person"] != person_id.hex():
        return None
    with house.stores.read_main() as main:
        person, service = main.get_one(Person, person_id), organisation(main).name
    options = ceremony.asks_for_new(house, service, person, of(house, person_id), facts["asked"])
    return Question(options, facts["name"])


def add(house: House, person_id: bytes, cookie: str, answer: str) -> str:
    """Add the passkey that was asked for; returns its name. Raises NotAdded."""
    facts = asking.answer(house, PASSKEY_ADD, cookie)
    if facts is None or facts["person"] != person_id.hex():
        raise NotAdded("This page was too old. Begin again")
    try:
        new = ceremony.read_new(house, answer, facts["asked"])
    except ceremony.PasskeyRefused as refused:
        raise NotAdded("The passkey was not added: what your device sent does not fit. Begin again") from refused
    row = Passkey(
        person_id=person_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        name=facts["name"],
        added_on=house.today(),
    )
    try:
        with house.stores.write_main() as main:
            note_within(main, house.today(), person_id, "own")
            main.add(row)
    except IntegrityError as twice:
        raise NotAdded("This passkey is known here already") from twice
    return row.name


def rename(house: House, person_id: bytes, passkey_id: bytes, name: str) -> bool:
    """Call one of hers something else; False where she has no such passkey."""
    change = update(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id).values(name=name)
    with house.stores.write_main() as main:
        return bool(touched(main, change))


def remove(house: House, person_id: bytes, passkey_id: bytes) -> bool:
    """Remove one of hers, and note it; False where she has no such passkey."""
    hers = (Passkey.id == passkey_id, Passkey.person_id == person_id)
    with house.stores.write_main() as main:
        if main.scalar(select(Passkey.id).where(*hers).with_for_update()) is None:
            return False
        note_within(main, house.today(), person_id, "own")
        main.execute(delete(Passkey).where(*hers))
    return True
