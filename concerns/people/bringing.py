"""A guardian with new keys brings her flags over: whatever the old key opens, the new one opens too."""

from sqlalchemy import select, update

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.people.access import Visitor
from concerns.people.model import Person
from concerns.people.shares import carried_by
from concerns.sealing import rewrapping
from concerns.sealing.box import BoxRefused, open_box
from concerns.sealing.keys import SEED_BYTES, Holder, kem_public
from concerns.sealing.model import Arrival, Thread
from concerns.store.house import House

#: threads in one request, some seconds' work at most
CHUNK = 100


def waits(house: House, visitor: Visitor) -> bool:
    """Whether the visitor's new key is in the manifest, and her old one still has to hand its flags on."""
    with house.stores.read_main() as main:
        person = main.get(Person, visitor.person_id)
        try:
            own = charter.current(main, house.directory).manifest.by_person(visitor.person_id)
        except (charter.NotOpenYet, charter.CharterRefused):
            return False
    return own is not None and own.kem == kem_public(visitor.kem_seed) and bool(person and person.carried)


def bring_over(house: House, visitor: Visitor, after: bytes) -> bytes | None:
    """The next threads after an id; returns where to go on, or None once the old key is dropped.

    What excludes her stays closed to the new key as well. Raises BoxRefused where the old seed cannot be opened, and
    NotHanded where what closes left for it cannot be sealed anew: then the old seed is kept.
    """
    with house.stores.read_main() as main:
        person, site_id = main.get(Person, visitor.person_id), organisation(main).site_id
        query = select(Thread.id).where(Thread.id > after).order_by(Thread.id).limit(CHUNK)
        ids = list(main.scalars(query))
    box = person.carried if person else None
    if box is None:
        raise BoxRefused
    old_seed = open_box(visitor.kem_seed, box, carried_by(visitor.person_id))[:SEED_BYTES]
    old = Holder(old_seed)
    new = kem_public(visitor.kem_seed)
    if len(ids) == CHUNK:
        rewrapping.hand_over(house.stores, site_id, ids, old, new)
        return ids[-1]
    with house.stores.read_live() as live:
        ids += live.scalars(select(Arrival.thread_id).distinct())
    rewrapping.hand_over(house.stores, site_id, set(ids), old, new)
    house.handing.on(house, visitor.person_id, old_seed)
    rewrapping.drop(house.stores, site_id, old.kid)
    with house.stores.write_main() as main:
        main.execute(update(Person).where(Person.id == visitor.person_id).values(carried=None))
    return None
