"""Somebody can go on closing periods, whoever comes and goes: what closes left sealed is handed on before the last one leaves."""

from collections.abc import Collection, Mapping
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.charter.manifest import GuardianKey, Manifest
from concerns.charter.service import CharterRefused
from concerns.people.access import Visitor
from concerns.people.model import Person
from concerns.store.handing import Left, NotHanded
from concerns.store.house import House


def hand_on(house: House, visitor: Visitor) -> None:
    """What the visitor's key opens goes to the guardians who came since. Where the ledger is shut, it waits."""
    with suppress(NotHanded):
        house.handing.on(house, visitor.person_id, visitor.kem_seed)


def check_succession(main: Session, house: House, now: Manifest, after: Collection[GuardianKey]) -> None:
    """Raise CharterRefused where nobody of those who read afterwards could go on with what closes left.

    What no guardian of today opens either is lost already, and stops nothing.
    """
    try:
        left = house.handing.left(main, house)
    except NotHanded as error:
        raise CharterRefused(str(error).rstrip(".")) from error
    people = {person.id: person for person in main.scalars(select(Person))}
    names = {one.person_id: one.name for one in now.guardians}
    for one in left:
        able = _who(one, _keys(now, now.guardians, people))
        if able and not _who(one, _keys(now, after, people)):
            how = [
                f"{names[one]} to {'bring her flags over' if people[one].carried else 'open the page “Close a period”'}"
                for one in sorted(able, key=lambda person_id: names[person_id])
            ]
            raise CharterRefused(
                f"nobody who reads then could {one.what}. Ask {', or '.join(how)}: that hands it on to the others. Then "
                "do this again"
            )


def _keys(now: Manifest, guardians: Collection[GuardianKey], people: Mapping[bytes, Person]) -> dict[bytes, bytes]:
    """Whose secret is at hand behind each key id: her own, and the one before where she still brings her flags over."""
    known = [*(former.key for former in now.former), *now.guardians]
    newest = {one.person_id: one for one in known if one not in guardians}
    keys = [one for one in guardians if _has(people.get(one.person_id), one)]
    before = [newest[one.person_id] for one in guardians if one.person_id in newest and _carries(people, one)]
    return {one.kid: one.person_id for one in (*before, *keys)}


def _has(person: Person | None, key: GuardianKey) -> bool:
    """Whether she can still use a key: it is her newest, or its secret is kept under her newest."""
    return person is not None and (person.kem_public == key.kem or person.carried is not None)


def _carries(people: Mapping[bytes, Person], key: GuardianKey) -> bool:
    person = people.get(key.person_id)
    return person is not None and person.carried is not None


def _who(left: Left, keys: Mapping[bytes, bytes]) -> set[bytes]:
    return {person_id for kid, person_id in keys.items() if kid in left.kids and person_id != left.but}
