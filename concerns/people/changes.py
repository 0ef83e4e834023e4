"""Who reads changes with two guardians' signatures: a newcomer is added, somebody is removed, keys are renewed."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import pins, steps
from concerns.charter import service as charter
from concerns.charter.manifest import GuardianKey, Manifest
from concerns.charter.service import Charter, CharterRefused
from concerns.charter.steps import Step, Wanted
from concerns.people import sessions
from concerns.people.access import Visitor
from concerns.people.guardianship import guardian_key, guardians_in
from concerns.people.leaving import shutting
from concerns.people.model import Invitation, Person, Recovery
from concerns.people.succession import check_succession, hand_on
from concerns.sealing import rekeying, rewrapping
from concerns.store.house import House

ADD, REMOVE, OLDER = "add", "remove", "older"


@dataclass(frozen=True)
class Candidate:
    """A person with the guardian's role whose keys are not in the manifest."""

    key: GuardianKey
    #: she is a guardian already, and has made new keys
    renews: bool


@dataclass(frozen=True)
class Changes:
    """What the page on guardians' keys offers once the service is open."""

    charter: Charter
    step: Step | None
    #: the visitor is a guardian of the manifest, and has not signed the waiting step
    to_sign: bool
    candidates: tuple[Candidate, ...]
    #: accounts with the guardian's role that have made no keys yet
    unready: tuple[str, ...]
    visitor: GuardianKey | None
    #: guardians of whom an admin said that they leave
    leaving: tuple[str, ...] = ()

    @property
    def manifest(self) -> Manifest:
        return self.charter.manifest

    @property
    def newcomers(self) -> list[GuardianKey]:
        """The other guardians who came after the first ones."""
        return [one for one in self.manifest.guardians if one.kid in self.manifest.since and one != self.visitor]

    @property
    def removable(self) -> list[GuardianKey]:
        """Who can go, because enough are left: two, one of whom is no stand-in."""
        if len(self.manifest.guardians) <= charter.LEAST_GUARDIANS:
            return []
        last = self.manifest.first_readers if len(self.manifest.first_readers) == 1 else ()
        return [one for one in self.manifest.guardians if one not in last]


def changes(main: Session, house: House, person_id: bytes) -> Changes:
    """Raises NotOpenYet or CharterRefused."""
    found = charter.current(main, house.directory)
    step = steps.waiting(main, house.directory, house.today())
    own = found.manifest.by_person(person_id)
    people = guardians_in(main)
    keys = [_key(person, found.manifest) for person in people if person.kem_public is not None]
    return Changes(
        charter=found,
        step=step,
        to_sign=step is not None and own in keys and own not in step.signed,
        candidates=tuple(
            Candidate(key, renews=found.manifest.by_person(key.person_id) is not None)
            for key in keys
            if key not in found.manifest.guardians
        ),
        unready=tuple(person.name for person in people if person.kem_public is None),
        # with new keys that nobody signed yet she signs nothing
        visitor=own if own in keys else None,
        leaving=tuple(person.name for person in people if person.leaving_since is not None),
    )


def propose(house: House, visitor: Visitor, what: str, person_id: bytes, *, older: bool = False) -> None:
    """Draft a change and sign it as the first of two guardians. Raises NotOpenYet or CharterRefused."""
    hand_on(house, visitor)
    with house.stores.write_main() as main:
        charter.first_rows(main, lock=True)
        manifest = charter.current(main, house.directory).manifest
        wanted = _wanted(main, manifest, what, person_id, older=older)
        steps.propose(
            main, house.directory, organisation(main).site_id, wanted, own_key(manifest, visitor), visitor.sign_seed,
            house.today(),
        )  # fmt: skip
        check_succession(main, house, manifest, wanted.guardians)


def agree(house: House, visitor: Visitor, document: str) -> Step:
    """Sign the waiting change as the second guardian; it is in force at once, in every envelope. Raises as `propose`."""
    hand_on(house, visitor)  # where she is the last who could, and the change takes her out
    with house.stores.write_main() as main:
        charter.first_rows(main, lock=True)  # an admin who shuts an account at this moment was first, or waits
        step = steps.waiting(main, house.directory, house.today())
        manifest = charter.current(main, house.directory).manifest
        own = own_key(manifest, visitor)
        if step is not None:
            _check_keys(main, manifest, step)
            check_succession(main, house, manifest, step.after.guardians)
        now = steps.agree(main, house.directory, document, own, visitor.sign_seed, house.today())
        if step is None:
            raise CharterRefused("this change waits no longer")
        for gone in step.removed:
            _unmake(main, gone.person_id, house.today())
        renewed = [one.person_id for one in step.renewed]
        main.execute(update(Person).where(Person.id.in_(renewed)).values(recovered=False))
    pins.remember(house.directory, now.place)
    with house.stores.write_live() as live:
        for gone in step.removed:
            sessions.end_all(live, gone.person_id)
            live.execute(delete(Invitation).where(Invitation.person_id == gone.person_id))
    bring_in_line(house)
    hand_on(house, visitor)
    return step


def withdraw(house: House, visitor: Visitor, document: str) -> None:
    """Stop the waiting change. Raises NotOpenYet or CharterRefused."""
    with house.stores.write_main() as main:
        steps.withdraw(main, house.directory, document, visitor.person_id, house.today())


def bring_in_line(house: House) -> None:
    """Every envelope has exactly one wrap for each guardian of the manifest, and none for a former one.

    Where the wraps are as they must be nothing is written. A key that is being renewed keeps its wraps until her flags
    are brought over. Raises NotOpenYet or CharterRefused.
    """
    with house.stores.read_main() as main:
        found, site_id = charter.current(main, house.directory), organisation(main).site_id
        carrying = set(main.scalars(select(Person.id).where(Person.carried.is_not(None))))
        gone = [
            one.key.kid
            for one in found.manifest.former
            if not (one.key.person_id in carrying and found.manifest.by_person(one.key.person_id))
            and rewrapping.has_wraps(main, one.key.kid)
        ]
        new = [one.kem for one in found.manifest.guardians if rewrapping.lacks(main, [one.kid])]
    if gone:
        # before her wraps are dropped: where this breaks off, they are found again
        rekeying.begin(house.stores)
    for kid in gone:
        rewrapping.drop(house.stores, site_id, kid)
    for public in new:
        rewrapping.fill_with_noise(house.stores, site_id, public)


def _wanted(main: Session, manifest: Manifest, what: str, person_id: bytes, *, older: bool) -> Wanted:
    others = [one for one in manifest.guardians if one.person_id != person_id]
    person = main.get(Person, person_id)
    if what == REMOVE and len(others) < len(manifest.guardians):
        return Wanted(others, manifest.older)
    if what == OLDER and manifest.by_person(person_id) is not None:
        return Wanted(manifest.guardians, manifest.older | {person_id})
    if what != ADD or person is None or "guardian" not in person.roles or person.kem_public is None:
        raise CharterRefused("this person is no guardian with keys of her own")
    allowed = manifest.older | {person_id} if older else manifest.older - {person_id}
    recovered: Collection[bytes] = {person_id} if person.recovered else ()
    return Wanted([*others, _key(person, manifest)], allowed, frozenset(recovered))


def _key(person: Person, manifest: Manifest) -> GuardianKey:
    """Her keys as they are offered. Whether she stands in says, once she is in the manifest, the manifest alone."""
    key, known = guardian_key(person), manifest.by_person(person.id)
    return key if known is None else dataclasses.replace(key, stand_in=known.stand_in)


def _check_keys(main: Session, manifest: Manifest, step: Step) -> None:
    """Whoever is to read by new keys is a guardian here still, and has these very keys. Raises CharterRefused."""
    keys = (*step.added, *step.renewed)
    query = select(Person).where(Person.id.in_([one.person_id for one in keys])).order_by(Person.id).with_for_update()
    people = {person.id: person for person in main.scalars(query.execution_options(populate_existing=True))}
    for key in keys:
        person = people.get(key.person_id)
        if person is None or person.shut_on is not None or not _is_offered(person, manifest, key):
            raise CharterRefused(f"{key.name} has other keys by now, or is no guardian here any more: withdraw it")


def _is_offered(person: Person, manifest: Manifest, key: GuardianKey) -> bool:
    if "guardian" not in person.roles or person.kem_public is None or person.sign_public is None:
        return False
    return _key(person, manifest) == key


def own_key(manifest: Manifest, visitor: Visitor) -> GuardianKey:
    """The visitor's keys in the manifest in force. Raises CharterRefused where it does not name her."""
    own = manifest.by_person(visitor.person_id)
    if own is None:
        raise CharterRefused("only a guardian of the manifest in force can sign")
    return own


def _unmake(main: Session, person_id: bytes, today: dt.date) -> None:
    """She is no guardian any more: her secret is deleted too. Her account stays without that role, or is shut if she leaves."""
    person = main.get(Person, person_id)
    if person is not None:
        if person.leaving_since is not None and person.shut_on is None:
            shutting.shut(main, person, today)
        person.roles = [role for role in person.roles if role != "guardian"]
        person.secret = person.kem_public = person.sign_public = person.carried = person.seen_manifest = None
        person.recovered = False
    main.execute(delete(Recovery).where(Recovery.person_id == person_id))
