"""Checks the charter at each seal, and lets guardians draft and sign its first version (later ones: `steps.py`)."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.charter import pins
from concerns.charter.manifest import (
    GuardianKey,
    Manifest,
    check_code,
    document_hash,
    read_manifest,
    write_manifest,
)
from concerns.charter.model import CharterPage
from concerns.charter.pins import PIN, read_pin
from concerns.charter.policy import Policy, read_policy, write_policy
from concerns.charter.walking import (
    LEAST_GUARDIANS,
    ONLY_STAND_INS,
    RESTORE,
    Charter,
    CharterRefused,
    Page,
    signed_bytes,
    signers,
    walk,
)
from concerns.sealing import signing
from concerns.sealing.text import canonical, to_text

CHAINS = ("manifest", "policy")
GONE = "this change waits no longer"
OTHER = "the guardians or the rules have changed since you opened this page, so read them again"
SHUT_BY_RESTORE = "the service was put back from a copy, and opens when two guardians have agreed"

__all__ = ["LEAST_GUARDIANS", "PIN", "Charter", "CharterRefused", "NotOpenYet", "current", "read_pin"]


class Drafts(NamedTuple):
    """The first version of both chains, as it waits for signatures or was signed."""

    manifest: Manifest
    policy: Policy
    #: by chain: the persons who signed it
    signed: Mapping[str, frozenset[bytes]]
    check_code: str
    #: of both documents together: what a button names, so that nobody signs others than she read
    hash: str


class NotOpenYet(Exception):
    """The guardians have not all made and signed their keys: nothing can be sealed yet."""


def current(main: Session, directory: Path) -> Charter:
    """The charter in force, checked against the pins. Raises NotOpenYet or CharterRefused.

    Version 1 is checked by its pinned hash, kept outside the database. It carries every guardian's signature, and the
    policy two guardians' signatures. Each later version of either carries the signatures of two guardians of the manifest
    in force then; the newest ones seen are pinned too. What was put back from a copy in another place stays shut until
    two guardians agree, and nothing is open while a launch goes on: the folder says both on the desk's host, and the
    database says so to a report door on another one.
    """
    if main.scalar(select(Organisation.stage)) == "launching":
        raise NotOpenYet
    pages = stored_pages(main)
    charter = _walked(pages, directory)
    if shut_by(pages, directory, charter) is not None:
        raise CharterRefused(SHUT_BY_RESTORE)
    return charter


def shut_by(pages: Collection[Page], directory: Path, charter: Charter) -> str | None:
    """The hash of what two guardians have to sign after a restore; None where none waits for it.

    What this folder remembers cannot be taken out of the database; what stands there shuts other folders' doors as well.
    """
    last = max((page for page in pages if page.chain == RESTORE), key=lambda page: page.version, default=None)
    wanted = (pins.read_shut(directory), None if last is None else document_hash(last.document))
    return next((one for one in wanted if one is not None and one not in charter.reopened), None)


def walked(main: Session, directory: Path) -> Charter:
    """The charter in force, whether the service is shut after a restore or not. Raises NotOpenYet or CharterRefused."""
    return _walked(stored_pages(main), directory)


def _walked(pages: tuple[Page, ...], directory: Path) -> Charter:
    pin = read_pin(directory)
    if pin is None:
        raise NotOpenYet
    return walk(pages, pin, pins.read_newest(directory), pins.read_newest(directory, pins.NEWEST_POLICY))


def stored_pages(main: Session) -> tuple[Page, ...]:
    """Every version of both chains as it is stored, drafts among them. Raises CharterRefused."""
    rows = main.scalars(select(CharterPage).order_by(CharterPage.chain, CharterPage.version))
    return tuple(as_page(row) for row in rows)


def as_page(row: CharterPage) -> Page:
    """A row as it is checked: whoever can write to the database can put anything there. Raises CharterRefused."""
    if not isinstance(row.document, bytes):  # SQLite lets anybody store text there
        raise CharterRefused("a document is not what was stored")
    offered = row.signatures if isinstance(row.signatures, dict) else {}
    return Page(row.chain, row.version, row.document, tuple(sorted((kid, str(sig)) for kid, sig in offered.items())))


def draft_policy(main: Session, site_id: bytes, policy: Policy) -> None:
    """Put up the policy's version 1 for signing. A draft that nobody signed yet is replaced."""
    _put_up(main, "policy", write_policy(policy, 1, None, to_text(site_id)))


def draft_manifest(main: Session, site_id: bytes, guardians: list[GuardianKey]) -> None:
    """Put up the manifest's version 1 for signing, once every first guardian has made her keys.

    A draft that nobody signed yet is replaced. Raises CharterRefused for fewer than two guardians, or where version 1
    was signed by somebody and would change.
    """
    if len(guardians) < LEAST_GUARDIANS:
        raise CharterRefused("there must be two guardians")
    if all(guardian.stand_in for guardian in guardians):
        raise CharterRefused(ONLY_STAND_INS)
    _put_up(main, "manifest", write_manifest(guardians, 1, None, to_text(site_id)))


def sign(main: Session, directory: Path, document: str, guardian: GuardianKey, sign_seed: bytes) -> bool:
    """One guardian signs both drafts, if they have this hash and name her very keys. The last signature pins the manifest.

    Returns whether the service is open now. Raises CharterRefused.
    """
    rows = first_rows(main, lock=True)  # two guardians who sign at once wait for each other: no signature is lost
    if set(rows) != set(CHAINS):
        raise CharterRefused("there is nothing to sign yet")
    if _hash(rows) != document:
        raise CharterRefused(OTHER)
    manifest = read_manifest(rows["manifest"].document)
    if manifest.by_person(guardian.person_id) != guardian or signing.sign_public(sign_seed) != guardian.sign:
        raise CharterRefused("the draft does not name this guardian's keys")
    for row in rows.values():
        add_signature(row, guardian, sign_seed)
    main.flush()
    complete = len(signers(as_page(rows["manifest"]), manifest)) == len(manifest.guardians)
    if complete and read_pin(directory) is None:
        pins.write_pin(directory, document_hash(rows["manifest"].document))
    return complete


def sign_too(
    main: Session, directory: Path, version: tuple[str, int], signed: Collection[GuardianKey], guardian: GuardianKey,
    sign_seed: bytes,
) -> Charter:  # fmt: skip
    """One more guardian signs a waiting version of a chain; returns the charter that follows. Raises CharterRefused."""
    if guardian in signed:
        raise CharterRefused("you have signed it already: another guardian has to")
    add_signature(main.get_one(CharterPage, version), guardian, sign_seed)
    main.flush()
    return current(main, directory)


def add_signature(row: CharterPage, guardian: GuardianKey, sign_seed: bytes) -> None:
    """Put a guardian's signature under a stored version."""
    signature = signing.sign(sign_seed, signed_bytes(row.chain, row.document))
    row.signatures = {**row.signatures, guardian.kid.hex(): signature.hex()}


def drafts(main: Session) -> Drafts | None:
    """The first version of both chains; None where one of them is missing."""
    pages = {chain: as_page(row) for chain, row in first_rows(main).items()}
    if set(pages) != set(CHAINS):
        return None
    manifest = read_manifest(pages["manifest"].document)
    signed = {
        chain: frozenset(guardian.person_id for guardian in signers(page, manifest)) for chain, page in pages.items()
    }
    code = check_code(pages["manifest"].document)
    return Drafts(manifest, read_policy(pages["policy"].document), signed, code, _hash(pages))


def all_signed(main: Session) -> bool:
    """Whether every guardian of the first manifest signed both documents: then the pin has been written once."""
    found = drafts(main)
    if found is None:
        return False
    everybody = {guardian.person_id for guardian in found.manifest.guardians}
    return all(signed == everybody for signed in found.signed.values())


def _hash(pages: Mapping[str, Page | CharterPage]) -> str:
    return document_hash(canonical([document_hash(pages[chain].document) for chain in CHAINS]))


def _put_up(main: Session, chain: str, document: bytes) -> None:
    page = main.get(CharterPage, (chain, 1))
    if page is None:
        main.add(CharterPage(chain=chain, version=1, document=document, signatures={}))
    elif page.document != document:
        if page.signatures:
            raise CharterRefused("version 1 is already signed by somebody")
        page.document = document
    main.flush()


def first_rows(main: Session, lock: bool = False) -> dict[str, CharterPage]:
    """Version 1 of manifest and policy; with `lock`, whoever changes any version waits for whoever holds these."""
    query = (
        select(CharterPage).where(CharterPage.version == 1, CharterPage.chain.in_(CHAINS)).order_by(CharterPage.chain)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    rows = {row.chain: row for row in main.scalars(query)}
    for row in rows.values():
        as_page(row)
    return rows
