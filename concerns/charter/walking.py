"""Follows the chain of manifests from the pinned first one, and refuses whatever two guardians did not sign."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from concerns.charter.manifest import (
    Former,
    GuardianKey,
    Manifest,
    ManifestRefused,
    check_code,
    document_hash,
    read_manifest,
)
from concerns.charter.policy import Policy, PolicyRefused, read_policy
from concerns.sealing import signing

LEAST_GUARDIANS = 2


class CharterRefused(Exception):
    """The stored manifest or policy is not the one that the guardians signed."""


class Page(NamedTuple):
    """One version of a chain as it is stored: the signed bytes, and what is offered as signatures {kid: hex}."""

    chain: str
    version: int
    document: bytes
    signatures: tuple[tuple[str, str], ...]


class Place(NamedTuple):
    """A version of the manifest by its number and its hash."""

    version: int
    hash: str


@dataclass(frozen=True)
class Charter:
    """Who may read and under which rules, checked."""

    manifest: Manifest
    policy: Policy
    #: of the first manifest: on the promise page and on posters
    check_code: str
    #: every version of the manifest that is signed, the first one first
    pages: tuple[Page, ...] = ()
    policy_hash: str = ""

    @property
    def place(self) -> Place:
        return Place(self.manifest.version, document_hash(self.pages[-1].document))

    def holds(self, place: Place) -> bool:
        """Whether this very version is part of the chain."""
        return place.version <= len(self.pages) and document_hash(self.pages[place.version - 1].document) == place.hash


# the documents are public, and checking a step costs two signatures: each process does it once
@lru_cache(maxsize=8)
def walk(pages: tuple[Page, ...], pin: str, newest: Place | None) -> Charter:
    """The charter in these pages, for the pinned hash of version 1 and the newest version seen. Raises CharterRefused."""
    found = {(page.chain, page.version): page for page in pages}
    first, policy_page = found.get(("manifest", 1)), found.get(("policy", 1))
    if first is None or policy_page is None:
        raise CharterRefused("the manifest or the policy is missing")
    if document_hash(first.document) != pin:
        raise CharterRefused("the manifest is not the pinned one")
    try:
        manifest, policy = read_manifest(first.document), read_policy(policy_page.document)
    except (ManifestRefused, PolicyRefused) as error:
        raise CharterRefused("the manifest or the policy cannot be read") from error
    if len(signers(first, manifest)) < len(manifest.guardians):
        raise CharterRefused("the manifest is not signed by every guardian in it")
    if len(signers(policy_page, manifest)) < LEAST_GUARDIANS:
        raise CharterRefused("the policy is not signed by two guardians")
    chain, last = _later(found, first, manifest)
    if last.policy and last.policy != document_hash(policy_page.document):
        raise CharterRefused("the policy is not the one that the newest manifest names")
    charter = Charter(last, policy, check_code(first.document), chain, document_hash(policy_page.document))
    if newest is not None and not charter.holds(newest):
        raise CharterRefused("the manifest is older than, or another than, the newest one that was seen")
    return charter


def follow(before: Manifest, before_hash: str, document: bytes) -> Manifest:
    """The manifest that comes after another one, with what it knows from before. Raises CharterRefused."""
    try:
        after = read_manifest(document)
    except ManifestRefused as error:
        raise CharterRefused(f"version {before.version + 1} of the manifest cannot be read") from error
    kept = set(after.guardians)
    gone = tuple(guardian for guardian in before.guardians if guardian not in kept)
    day, last_day = after.day, before.day
    if after.version != before.version + 1 or after.previous != before_hash or day is None:
        raise CharterRefused("a version of the manifest does not follow from the one before it")
    if last_day is not None and day < last_day:
        raise CharterRefused("a version of the manifest is dated before the one before it")
    if len(after.guardians) < LEAST_GUARDIANS or after.removed != {guardian.digest for guardian in gone}:
        raise CharterRefused("a version of the manifest does not say which keys it takes out")
    former = (*before.former, *(Former(guardian, day) for guardian in gone))
    out = {key for one in former for key in (one.key.kem, one.key.sign)}
    if any(guardian.kem in out or guardian.sign in out for guardian in after.guardians):
        raise CharterRefused("a version of the manifest brings back a key that was taken out")
    old = set(before.guardians)
    since = {kid: joined for kid, joined in before.since.items() if kid in after.kids.values()}
    since |= {guardian.kid: day for guardian in after.guardians if guardian not in old}
    used = tuple((day, guardian.name) for guardian in after.guardians if guardian.person_id in after.recovered)
    return dataclasses.replace(after, former=former, since=since, recoveries=(*before.recoveries, *used))


def signers(page: Page, manifest: Manifest) -> list[GuardianKey]:
    """The guardians of the manifest whose signature under this page is good."""
    message, offered = signed_bytes(page.chain, page.document), dict(page.signatures)
    return [guardian for guardian in manifest.guardians if _signed(guardian, message, offered)]


def signed_bytes(chain: str, document: bytes) -> bytes:
    """What a guardian signs."""
    return b"concerns-charter/1 " + chain.encode() + b"\0" + document


def _signed(guardian: GuardianKey, message: bytes, offered: Mapping[str, str]) -> bool:
    try:
        return signing.verify(guardian.sign, message, bytes.fromhex(offered.get(guardian.kid.hex(), "")))
    except ValueError:
        return False


def _later(found: Mapping[tuple[str, int], Page], first: Page, manifest: Manifest) -> tuple[tuple[Page, ...], Manifest]:
    """The signed versions after the first. One that too few have signed is a draft, and nothing may come after it."""
    chain: list[Page] = [first]
    page = found.get(("manifest", 2))
    while page is not None and len(signers(page, manifest)) >= LEAST_GUARDIANS:
        manifest = follow(manifest, document_hash(chain[-1].document), page.document)
        chain.append(page)
        page = found.get(("manifest", manifest.version + 1))
    if max(version for chain_name, version in found if chain_name == "manifest") > manifest.version + 1:
        raise CharterRefused("a version of the manifest is missing or not signed by two guardians")
    return tuple(chain), manifest
