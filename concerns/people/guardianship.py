"""Guardians before the service opens: who has keys, who has signed, and who is still missing."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import restores
from concerns.charter import service as charter
from concerns.charter.manifest import GuardianKey, Manifest
from concerns.charter.policy import Policy
from concerns.charter.restores import Waiting
from concerns.people.access import Visitor
from concerns.people.model import Person

FEWEST = 2
#: stages in which no guardian can sign
UNFINISHED = ("setting-up", "launching")


@dataclass(frozen=True)
class GuardianState:
    """One guardian and how far she is."""

    name: str
    has_keys: bool
    signed: bool
    #: of her own KEM key, as the manifest names it, in groups of four hex digits
    key_code: str
    stand_in: bool = False


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
    #: the admin has not ended set-up, or a launch is under way: there is nothing to sign yet
    unfinished: bool = False
    #: the visitor is one of the guardians in the manifest
    mine: bool = False
    #: a copy was put back, and two guardians have to agree before the service opens again
    restored: Waiting | None = None
    #: the visitor still has to agree to that
    to_reopen: bool = False
    #: the hash of the first manifest and rules as they are shown: what the button for signing names
    document: str = ""

    @property
    def lost_for_good(self) -> bool:
        """Two keys are all there are: where one is lost, nobody can sign for a new one."""
        return self.open and self.manifest is not None and len(self.manifest.guardians) == FEWEST

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
    return GuardianKey(person.id, person.name, bytes(person.kem_public), bytes(person.sign_public), person.stand_in)


def put_up_manifest(main: Session) -> bool:
    """Draft the first manifest as soon as every guardian has keys; returns whether it is there to sign.

    A pinned manifest is left alone: guardians who come later need the signatures of two who were there before.
    While the admin sets up, and while a launch destroys a pilot, there is nothing to sign.
    """
    if organisation(main).stage in UNFINISHED:
        return False
    guardians = guardians_in(main)
    if len(guardians) < FEWEST or any(person.kem_public is None for person in guardians):
        return False
    keys = [guardian_key(person) for person in guardians]
    if all(key.stand_in for key in keys):
        return False
    charter.draft_manifest(main, organisation(main).site_id, keys)
    return True


def sign(main: Session, directory: Path, visitor: Visitor, document: str) -> bool:
    """The visitor signs both drafts if they have this hash; returns whether the service is open now. Raises CharterRefused."""
    person = main.get(Person, visitor.person_id)
    if person is None or person.kem_public is None:
        raise charter.CharterRefused("you have not made your keys yet")
    return charter.sign(main, directory, document, guardian_key(person), visitor.sign_seed)


def reopen(main: Session, directory: Path, visitor: Visitor, document: str) -> bool:
    """The visitor agrees that the service opens after a copy was put back; returns whether it is open now.

    Raises NotOpenYet or CharterRefused.
    """
    person = main.get(Person, visitor.person_id)
    if person is None or person.kem_public is None:
        raise charter.CharterRefused("you have not made your keys yet")
    return restores.agree(main, directory, document, guardian_key(person), visitor.sign_seed)


def state(main: Session, directory: Path, person_id: bytes) -> KeysState:
    """How far the guardians are, as one of them sees it."""
    drafts = charter.drafts(main)
    manifest, policy, signed_by, code, document = drafts or (None, None, {}, "", "")
    signed = frozenset.intersection(*signed_by.values()) if signed_by else frozenset()
    refused, is_open, restored = "", False, None
    guardians = _guardians(guardians_in(main), manifest, signed)
    try:
        now = charter.current(main, directory)
        manifest, code, is_open = now.manifest, now.check_code, True
        guardians = tuple(_listed(guardian) for guardian in now.manifest.guardians)
    except charter.NotOpenYet:
        is_open = False
    except charter.CharterRefused as error:
        refused = str(error)
        with suppress(charter.CharterRefused):
            restored = restores.waiting(main, directory)
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
        restored=restored,
        to_reopen=restored is not None and person_id not in {one.person_id for one in restored.signed},
        document=document,
        rehearsal=organisation(main).rehearsal,
        unfinished=organisation(main).stage in UNFINISHED,
    )


def key_code(kid: bytes) -> str:
    """The first eight bytes of a key's id in groups of four hex digits, to compare by voice."""
    digits = kid.hex()
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def _guardians(people: list[Person], manifest: Manifest | None, signed: frozenset[bytes]) -> tuple[GuardianState, ...]:
    """Who is in what waits for signatures, as it is written there, and then who has no part in it yet."""
    named = manifest.guardians if manifest else ()
    others = [person for person in people if person.id not in {one.person_id for one in named}]
    return (
        *(_listed(one, signed=one.person_id in signed) for one in named),
        *(
            GuardianState(one.name, one.kem_public is not None, signed=False, key_code="", stand_in=one.stand_in)
            for one in others
        ),
    )


def _listed(guardian: GuardianKey, *, signed: bool = True) -> GuardianState:
    code = key_code(guardian.kid)
    return GuardianState(guardian.name, has_keys=True, signed=signed, key_code=code, stand_in=guardian.stand_in)


def guardians_in(main: Session) -> list[Person]:
    """Every account with the guardian's role, by name; the manifest decides who reads."""
    return [person for person in main.scalars(select(Person).order_by(Person.name)) if "guardian" in person.roles]
