"""Guardians of the cast come and go, by the signatures of two others, without the pages."""

from concerns.people import changes, sessions
from concerns.people.access import COOKIE, Visitor
from concerns.people.service import add_person
from concerns.sealing import keys, signing
from tests.cast import Instance
from tests.people.visiting import Desk


def visitor(instance: Instance, name: str) -> Visitor:
    person_id, secret = instance.secrets[name]
    return Visitor(person_id, name.capitalize(), f"{name}@example.org", frozenset({"guardian"}), secret)


def with_keys(instance: Instance, name: str, *, stand_in: bool = False) -> bytes:
    """An account with the guardian's role and keys of its own; returns its id."""
    secret = keys.new_seed() + keys.new_seed()
    with instance.stores.write_main() as main:
        person = add_person(main, name.capitalize(), f"{name}@example.org", ["guardian"], stand_in=stand_in)
        person.kem_public, person.sign_public = keys.kem_public(secret[:32]), signing.sign_public(secret[32:])
        person_id = bytes(person.id)
    instance.secrets = {**instance.secrets, name: (person_id, secret)}
    return person_id


def change(instance: Instance, what: str, person_id: bytes, *, older: bool = False) -> None:
    """Gita proposes, Gwen signs too."""
    changes.propose(instance.house, visitor(instance, "gita"), what, person_id, older=older)
    with instance.stores.read_main() as main:
        step = changes.changes(main, instance.house, person_id).step
    assert step is not None
    changes.agree(instance.house, visitor(instance, "gwen"), step.hash)


def join(instance: Instance, name: str = "gus", *, older: bool = False, stand_in: bool = False) -> None:
    change(instance, changes.ADD, with_keys(instance, name, stand_in=stand_in), older=older)


def at_desk(instance: Instance, name: str) -> Desk:
    """A browser with a session of somebody who has no passphrase."""
    desk = Desk(instance)
    cookie = sessions.start(instance.house, *instance.secrets[name])
    desk.client.client.set_cookie(COOKIE, cookie, path="/desk/", secure=True)
    return desk
