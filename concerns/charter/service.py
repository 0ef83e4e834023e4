"""Checks the charter at each seal, and lets guardians draft and sign its first version."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.charter.manifest import (
    GuardianKey,
    Manifest,
    ManifestRefused,
    check_code,
    document_hash,
    read_manifest,
    write_manifest,
)
from concerns.charter.model import CharterPage
from concerns.charter.policy import Policy, PolicyRefused, read_policy, write_policy
from concerns.sealing import signing
from concerns.sealing.text import to_text

PIN = "manifest.pin"
CHAINS = ("manifest", "policy")
LEAST_GUARDIANS = 2


class NotOpenYet(Exception):
    """The guardians have not all made and signed their keys: nothing can be sealed yet."""


class CharterRefused(Exception):
    """The stored manifest or policy is not the one that the guardians signed."""


@dataclass(frozen=True)
class Charter:
    """Who may read and under which rules, checked."""

    manifest: Manifest
    policy: Policy
    #: of the first manifest: on the promise page and on posters
    check_code: str


def current(main: Session, directory: Path) -> Charter:
    """The charter in force, checked against the pin. Raises NotOpenYet or CharterRefused.

    Version 1 is checked by its pinned hash, kept outside the database. It carries every guardian's signature, and the
    policy two guardians' signatures.
    """
    pin = read_pin(directory)
    pages = _pages(main)
    if pin is None:
        raise NotOpenYet
    if set(pages) != set(CHAINS):
        raise CharterRefused("the manifest or the policy is missing")
    page = pages["manifest"]
    if document_hash(page.document) != pin:
        raise CharterRefused("the manifest is not the pinned one")
    try:
        manifest = read_manifest(page.document)
        policy = read_policy(pages["policy"].document)
    except (ManifestRefused, PolicyRefused) as error:
        raise CharterRefused("the manifest or the policy cannot be read") from error
    if len(signers(page, manifest)) < len(manifest.guardians):
        raise CharterRefused("the manifest is not signed by every guardian in it")
    if len(signers(pages["policy"], manifest)) < LEAST_GUARDIANS:
        raise CharterRefused("the policy is not signed by two guardians")
    return Charter(manifest, policy, check_code(page.document))


def manifest_document(main: Session) -> bytes:
    """The manifest as it was signed; check it with `current` first. Its hash gives the check code."""
    return _pages(main)["manifest"].document


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
    pages = _pages(main, lock=True)  # two guardians who sign at once wait for each other: no signature is lost
    if set(pages) != set(CHAINS):
        raise CharterRefused("there is nothing to sign yet")
    manifest = read_manifest(pages["manifest"].document)
    if manifest.by_person(guardian.person_id) != guardian or signing.sign_public(sign_seed) != guardian.sign:
        raise CharterRefused("the draft does not name this guardian's keys")
    for chain, page in pages.items():
        signature = signing.sign(sign_seed, _signed_bytes(chain, page.document))
        page.signatures = {**page.signatures, guardian.kid.hex(): signature.hex()}
    main.flush()
    complete = len(signers(pages["manifest"], manifest)) == len(manifest.guardians)
    if complete and read_pin(directory) is None:
        _write_pin(directory, document_hash(pages["manifest"].document))
    return complete


def drafts(main: Session) -> tuple[Manifest, Policy, dict[str, frozenset[bytes]], str] | None:
    """The first version's manifest and policy, the person ids that signed each chain, and the check code."""
    pages = _pages(main)
    if set(pages) != set(CHAINS):
        return None
    manifest = read_manifest(pages["manifest"].document)
    signed = {
        chain: frozenset(guardian.person_id for guardian in signers(page, manifest)) for chain, page in pages.items()
    }
    return manifest, read_policy(pages["policy"].document), signed, check_code(pages["manifest"].document)


def signers(page: CharterPage, manifest: Manifest) -> list[GuardianKey]:
    """The guardians of the manifest whose signature under this page is good."""
    message = _signed_bytes(page.chain, page.document)
    # whoever can write to the database can put anything there
    offered = page.signatures if isinstance(page.signatures, dict) else {}
    found = []
    for guardian in manifest.guardians:
        signature = offered.get(guardian.kid.hex(), "")
        try:
            good = signing.verify(guardian.sign, message, bytes.fromhex(str(signature)))
        except ValueError:
            good = False
        if good:
            found.append(guardian)
    return found


def all_signed(main: Session) -> bool:
    """Whether every guardian of the first manifest signed both documents: then the pin has been written once."""
    found = drafts(main)
    if found is None:
        return False
    everybody = {guardian.person_id for guardian in found[0].guardians}
    return all(signed == everybody for signed in found[2].values())


def read_pin(directory: Path) -> str | None:
    """The pinned hash of manifest version 1, or None before the service is open."""
    try:
        return (directory / PIN).read_text().strip() or None
    except FileNotFoundError:
        return None


def _write_pin(directory: Path, pinned: str) -> None:
    temporary = directory / f"{PIN}.{secrets.token_hex(4)}"
    temporary.write_text(pinned + "\n")
    temporary.replace(directory / PIN)


def _put_up(main: Session, chain: str, document: bytes) -> None:
    page = main.get(CharterPage, (chain, 1))
    if page is None:
        main.add(CharterPage(chain=chain, version=1, document=document, signatures={}))
    elif page.document != document:
        if page.signatures:
            raise CharterRefused("version 1 is already signed by somebody")
        page.document = document
    main.flush()


def _pages(main: Session, lock: bool = False) -> dict[str, CharterPage]:
    query = select(CharterPage).where(CharterPage.version == 1).order_by(CharterPage.chain)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    pages = {page.chain: page for page in main.scalars(query)}
    if not all(isinstance(page.document, bytes) for page in pages.values()):  # SQLite lets anybody store text there
        raise CharterRefused("a document is not what was stored")
    return pages


def _signed_bytes(chain: str, document: bytes) -> bytes:
    return b"concerns-charter/1 " + chain.encode() + b"\0" + document
