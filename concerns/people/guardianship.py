"""Guardians before the service opens: who has keys, who has signed, and who is still missing."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.charter.manifest import GuardianKey, Manifest
from concerns.charter.policy import Policy
from concerns.people.access import Visitor
from concerns.people.model import Person

FEWEST = 2


@dataclass(frozen=True)
class GuardianState:
    """One guardian and how far she is."""

    name: str
    has_keys: bool
    signed: bool
    #: of her own KEM key, as the manifest names it, in groups of four hex digits
    key_code: str


@dataclass(frozen=True)
class KeysState:
    """What the page on guardians' keys shows."""

    guardians: tuple[GuardianState, ...]
    #: None until all guardians have made their keys
    manifest: Manifest | None
    policy: Policy | None
    check_code: str
    open: bool
    #: whether the visitor still has to sign
    to_sign: bool
    #: why the stored charter is refused; empty where it is not
    refused: str
    rehearsal: bool
    #: the visitor is one of the guardians in the manifest
    mine: bool = False

    @property
    def missing_keys(self) -> list[str]:
        return [guardian.name for guardian in self.guardians if not guardian.has_keys]

    @property
    def missing_signatures(self) -> list[str]:
        return [guardian.name for guardian in self.guardians if guardian.has_keys and not guardian.signed]


def guardian_key(person: Person) -> GuardianKey:
    """A guardian's public keys as her own first session left them. Raises LookupError before that."""
    if person.kem_public is None or person.sign_public is None:
        raise LookupError(f"{person.name} has not made her keys yet")
    return GuardianKey(person.id, person.name, bytes(person.kem_public), bytes(person.sign_public))


def put_up_manifest(main: Session) -> bool:
    """Draft the first manifest as soon as every guardian has keys; returns whether it is there to sign.

    A pinned manifest is left alone: guardians who come later need the signatures of two who were there before.
    """
    guardians = guardians_in(main)
    if len(guardians) < FEWEST or any(person.kem_public is None for person in guardians):
        return False
    charter.draft_manifest(main, organisation(main).site_id, [guardian_key(person) for person in guardians])
    return True


def sign(main: Session, directory: Path, visitor: Visitor) -> bool:
    """The visitor signs both drafts; returns whether the service is open now. Raises CharterRefused."""
    person = main.get(Person, visitor.person_id)
    if person is None or person.kem_public is None:
        raise charter.CharterRefused("you have not made your keys yet")
    return charter.sign(main, directory, guardian_key(person), visitor.sign_seed)


def state(main: Session, directory: Path, person_id: bytes) -> KeysState:
    """How far the guardians are, as one of them sees it."""
    drafts = charter.drafts(main)
    manifest, policy, signed_by, code = drafts or (None, None, {}, "")
    signed = frozenset.intersection(*signed_by.values()) if signed_by else frozenset()
    refused, is_open = "", False
    guardians = tuple(_state(person, manifest, signed) for person in guardians_in(main))
    try:
        now = charter.current(main, directory)
        manifest, code, is_open = now.manifest, now.check_code, True
        guardians = tuple(_listed(guardian) for guardian in now.manifest.guardians)
    except charter.NotOpenYet:
        is_open = False
    except charter.CharterRefused as error:
        refused = str(error)
    return KeysState(
        guardians=guardians,
        manifest=manifest,
        policy=policy,
        check_code=code,
        open=is_open,
        to_sign=not is_open
        and manifest is not None
        and manifest.by_person(person_id) is not None
        and person_id not in signed,
        mine=manifest is not None and manifest.by_person(person_id) is not None,
        refused=refused,
        rehearsal=organisation(main).rehearsal,
    )


def key_code(kid: bytes) -> str:
    """The first eight bytes of a key's id in groups of four hex digits, to compare by voice."""
    digits = kid.hex()
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def _state(person: Person, manifest: Manifest | None, signed: frozenset[bytes]) -> GuardianState:
    listed = manifest.by_person(person.id) if manifest else None
    return GuardianState(
        name=person.name,
        has_keys=person.kem_public is not None,
        signed=person.id in signed,
        key_code=key_code(listed.kid) if listed else "",
    )


def _listed(guardian: GuardianKey) -> GuardianState:
    return GuardianState(guardian.name, has_keys=True, signed=True, key_code=key_code(guardian.kid))


def guardians_in(main: Session) -> list[Person]:
    """Every account with the guardian's role, by name; the manifest decides who reads."""
    return [person for person in main.scalars(select(Person).order_by(Person.name)) if "guardian" in person.roles]
