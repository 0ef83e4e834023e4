"""At each sign-in a guardian's own memory of the manifest is compared with the stored one: an old one does not come back."""

from sqlalchemy import update

from concerns.charter import pins
from concerns.charter import service as charter
from concerns.charter.seen import read_seen, write_seen
from concerns.people.model import Person
from concerns.sealing.keys import SEED_BYTES
from concerns.store.house import House


def remember_manifest(house: House, person_id: bytes, secret: bytes) -> None:
    """Compare, and note what is newer on either side.

    Where she saw a version that is not in the stored chain, that version is pinned: from then on nothing is sealed or
    opened until the guardians have mended it. Her note stands in the database and is signed, so that whoever brings an
    old database back, with the instance's folder, still has to bring back every guardian's row as well.
    """
    sign_seed = secret[SEED_BYTES:]
    with house.stores.read_main() as main:
        person = main.get(Person, person_id)
        seen = read_seen(person.seen_manifest if person else None, sign_seed)
        try:
            found = charter.current(main, house.directory)
        except (charter.NotOpenYet, charter.CharterRefused):
            return
    if seen is not None and not found.holds(seen):
        pins.pin(house.directory, seen)
        return
    if found.manifest.version > 1:
        pins.remember(house.directory, found.place)
    if found.policy_place.version > 1:
        pins.remember(house.directory, found.policy_place, pins.NEWEST_POLICY)
    if seen != found.place:
        note = write_seen(sign_seed, found.place)
        with house.stores.write_main() as main:
            main.execute(update(Person).where(Person.id == person_id).values(seen_manifest=note))
