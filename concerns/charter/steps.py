"""Later versions of the manifest: one guardian proposes, another one signs too, within 21 days."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from concerns.charter.manifest import GuardianKey, Manifest, document_hash, write_step
from concerns.charter.model import CharterPage
from concerns.charter.service import GONE, add_signature, as_page, current, first_rows, sign_too
from concerns.charter.versions import DAYS_TO_SIGN
from concerns.charter.walking import LEAST_GUARDIANS, Charter, CharterRefused, follow, signers
from concerns.sealing import signing
from concerns.sealing.text import to_text


@dataclass(frozen=True)
class Step:
    """A version that waits for a second signature."""

    before: Manifest
    after: Manifest
    signed: tuple[GuardianKey, ...]
    #: the last day on which the second guardian may sign
    until: dt.date
    #: the hash of the document: what a button names, so that nobody signs another one than she read
    hash: str

    @property
    def added(self) -> tuple[GuardianKey, ...]:
        """Keys of persons who were no guardians before."""
        return tuple(one for one in self.after.guardians if self.before.by_person(one.person_id) is None)

    @property
    def removed(self) -> tuple[GuardianKey, ...]:
        """Keys of persons who will be no guardians any more."""
        return tuple(one for one in self.before.guardians if self.after.by_person(one.person_id) is None)

    @property
    def renewed(self) -> tuple[GuardianKey, ...]:
        """New keys of persons who stay."""
        known = set(self.before.guardians)
        return tuple(one for one in self.after.guardians if one not in known and one not in self.added)

    @property
    def allowed_older(self) -> tuple[GuardianKey, ...]:
        """Who stays as she is, and may be given concluded flags from before her time as well."""
        fresh = self.after.older - self.before.older
        return tuple(one for one in self.before.guardians if one.person_id in fresh and one in self.after.guardians)


@dataclass(frozen=True)
class Wanted:
    """What a guardian proposes: who shall read from then on."""

    guardians: Collection[GuardianKey]
    older: frozenset[bytes]
    recovered: frozenset[bytes] = frozenset()


def waiting(main: Session, directory: Path, today: dt.date) -> Step | None:
    """The version that waits for a second signature; None where there is none, or its time is over.

    Whatever else stands there counts for nothing. Raises NotOpenYet or CharterRefused.
    """
    charter = current(main, directory)
    row = main.get(CharterPage, ("manifest", charter.manifest.version + 1))
    return None if row is None else _step(charter, row, today)


def propose(
    main: Session, directory: Path, site_id: bytes, wanted: Wanted, guardian: GuardianKey, sign_seed: bytes,
    today: dt.date,
) -> Step:  # fmt: skip
    """Draft the next version and sign it as the first of two. Raises NotOpenYet or CharterRefused."""
    first_rows(main, lock=True)
    charter = current(main, directory)
    check_signer(charter, guardian, sign_seed)
    if len(wanted.guardians) < LEAST_GUARDIANS:
        raise CharterRefused("there must be two guardians")
    if waiting(main, directory, today) is not None:
        raise CharterRefused("another change waits already: sign it or withdraw it first")
    document = write_step(_drafted(charter, wanted, today), to_text(site_id))
    follow(charter.manifest, charter.place.hash, document)
    version = charter.manifest.version + 1
    row = main.get(CharterPage, ("manifest", version))
    if row is None:
        row = CharterPage(chain="manifest", version=version)
        main.add(row)
    row.document, row.signatures = document, {}
    add_signature(row, guardian, sign_seed)
    main.flush()
    step = _step(charter, row, today)
    if step is None:
        raise CharterRefused("the change could not be signed")
    return step


def agree(
    main: Session, directory: Path, document: str, guardian: GuardianKey, sign_seed: bytes, today: dt.date
) -> Charter:
    """The second guardian signs the waiting version that has this hash; returns the charter that is in force then.

    The caller remembers it with `pins.remember` once this is committed. Raises NotOpenYet or CharterRefused.
    """
    first_rows(main, lock=True)
    charter = current(main, directory)
    check_signer(charter, guardian, sign_seed)
    step = _wanted(main, directory, document, today)
    return sign_too(main, directory, ("manifest", step.after.version), step.signed, guardian, sign_seed)


def withdraw(main: Session, directory: Path, document: str, person_id: bytes, today: dt.date) -> None:
    """A guardian stops the waiting version that has this hash. Raises NotOpenYet or CharterRefused."""
    first_rows(main, lock=True)
    step = _wanted(main, directory, document, today)
    if step.before.by_person(person_id) is None:
        raise CharterRefused(GONE)
    main.delete(main.get_one(CharterPage, ("manifest", step.after.version)))


def _wanted(main: Session, directory: Path, document: str, today: dt.date) -> Step:
    step = waiting(main, directory, today)
    if step is None or step.hash != document:
        raise CharterRefused(GONE)
    return step


def _drafted(charter: Charter, wanted: Wanted, today: dt.date) -> Manifest:
    staying = set(wanted.guardians)
    return Manifest(
        version=charter.manifest.version + 1,
        guardians=tuple(wanted.guardians),
        previous=charter.place.hash,
        day=max(today, charter.manifest.day or today),
        removed=frozenset(one.digest for one in charter.manifest.guardians if one not in staying),
        older=wanted.older & {one.person_id for one in staying},
        recovered=wanted.recovered,
        policy=charter.policy_place.hash,
    )


def _step(charter: Charter, row: CharterPage, today: dt.date) -> Step | None:
    try:
        page = as_page(row)
        after = follow(charter.manifest, charter.place.hash, page.document)
    except CharterRefused:
        return None
    signed = tuple(signers(page, charter.manifest))
    until = (after.day or today) + dt.timedelta(days=DAYS_TO_SIGN)
    # where the rules were changed meanwhile, it names others than those that its guardians would stand by
    if not signed or today > until or after.policy != charter.policy_place.hash:
        return None
    return Step(charter.manifest, after, signed, until, document_hash(page.document))


def check_signer(charter: Charter, guardian: GuardianKey, sign_seed: bytes) -> None:
    """Raise CharterRefused unless this is a guardian of the manifest in force, with her own key."""
    own = charter.manifest.by_person(guardian.person_id)
    if own != guardian or signing.sign_public(sign_seed) != guardian.sign:
        raise CharterRefused("only a guardian of the manifest in force can sign")
