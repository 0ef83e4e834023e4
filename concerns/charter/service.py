"""Checks the charter at each seal, and lets guardians draft and sign its first version (later ones: `steps.py`)."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

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
from concerns.charter.walking import LEAST_GUARDIANS, Charter, CharterRefused, Page, signed_bytes, signers, walk
from concerns.sealing import signing
from concerns.sealing.text import to_text

CHAINS = ("manifest", "policy")

__all__ = ["LEAST_GUARDIANS", "PIN", "Charter", "CharterRefused", "NotOpenYet", "current", "read_pin"]


class NotOpenYet(Exception):
    """The guardians have not all made and signed their keys: nothing can be sealed yet."""


def current(main: Session, directory: Path) -> Charter:
    """The charter in force, checked against the pins. Raises NotOpenYet or CharterRefused.

    Version 1 is checked by its pinned hash, kept outside the database. It carries every guardian's signature, and the
    policy two guardians' signatures. Each later version carries the signatures of two guardians of the one before; the
    newest one seen is pinned too.
    """
    pin = read_pin(directory)
    pages = stored_pages(main)
    if pin is None:
        raise NotOpenYet
    return walk(pages, pin, pins.read_newest(directory))


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
    _put_up(main, "manifest", write_manifest(guardians, 1, None, to_text(site_id)))


def sign(main: Session, directory: Path, guardian: GuardianKey, sign_seed: bytes) -> bool:
    """One guardian signs both drafts, if they name her very keys. The last signature pins the manifest.

    Returns whether the service is open now. Raises CharterRefused.
    """
    rows = first_rows(main, lock=True)  # two guardians who sign at once wait for each other: no signature is lost
    if set(rows) != set(CHAINS):
        raise CharterRefused("there is nothing to sign yet")
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


def add_signature(row: CharterPage, guardian: GuardianKey, sign_seed: bytes) -> None:
    """Put a guardian's signature under a stored version."""
    signature = signing.sign(sign_seed, signed_bytes(row.chain, row.document))
    row.signatures = {**row.signatures, guardian.kid.hex(): signature.hex()}


def drafts(main: Session) -> tuple[Manifest, Policy, dict[str, frozenset[bytes]], str] | None:
    """The first version's manifest and policy, the person ids that signed each chain, and the check code."""
    pages = {chain: as_page(row) for chain, row in first_rows(main).items()}
    if set(pages) != set(CHAINS):
        return None
    manifest = read_manifest(pages["manifest"].document)
    signed = {
        chain: frozenset(guardian.person_id for guardian in signers(page, manifest)) for chain, page in pages.items()
    }
    return manifest, read_policy(pages["policy"].document), signed, check_code(pages["manifest"].document)


def all_signed(main: Session) -> bool:
    """Whether every guardian of the first manifest signed both documents: then the pin has been written once."""
    found = drafts(main)
    if found is None:
        return False
    everybody = {guardian.person_id for guardian in found[0].guardians}
    return all(signed == everybody for signed in found[2].values())


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
    """Version 1 of each chain; with `lock`, whoever changes any version waits for whoever holds these."""
    query = select(CharterPage).where(CharterPage.version == 1).order_by(CharterPage.chain)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    rows = {row.chain: row for row in main.scalars(query)}
    for row in rows.values():
        as_page(row)
    return rows
