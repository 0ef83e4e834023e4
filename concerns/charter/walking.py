"""Follows the chains of manifests and policies from the pinned first one, and refuses what two guardians did not sign."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from concerns.charter import versions
from concerns.charter.manifest import (
    Former,
    GuardianKey,
    Manifest,
    ManifestRefused,
    check_code,
    document_hash,
    read_manifest,
)
from concerns.charter.policy import Policy, PolicyRefused, read_change, read_policy
from concerns.charter.versions import Version, YearRules
from concerns.sealing import signing

LEAST_GUARDIANS = 2
#: what comes in is collected daily; it may have waited so long where a day was missed
DAYS_UNCOLLECTED = dt.timedelta(days=7)
ONLY_STAND_INS = "one guardian at least must be no stand-in"
#: the chain of what follows a restore from a copy in another place (see `restores.py`)
RESTORE = "restore"


class CharterRefused(Exception):
    """The stored manifest or policy is not the one that the guardians signed."""


class Page(NamedTuple):
    """One version of a chain as it is stored: the signed bytes, and what is offered as signatures {kid: hex}."""

    chain: str
    version: int
    document: bytes
    signatures: tuple[tuple[str, str], ...]


class Place(NamedTuple):
    """A version of the manifest, or of the policy, by its number and its hash."""

    version: int
    hash: str


@dataclass(frozen=True)
class Charter:
    """Who may read and under which rules, checked."""

    manifest: Manifest
    #: every version of the policy that is signed, the first one first
    policies: tuple[Version, ...]
    #: of the first manifest: on the promise page and on posters
    check_code: str
    #: every version of the manifest that is signed, the first one first
    pages: tuple[Page, ...] = ()
    #: each time that it was put back from a copy and two guardians agreed: the hash of what they signed, and the day
    reopened: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return Place(self.manifest.version, document_hash(self.pages[-1].document))

    @property
    def policy_place(self) -> Place:
        """The newest signed version of the policy, whether it has begun or not."""
        return Place(self.policies[-1].number, self.policies[-1].hash)

    def policy_on(self, day: dt.date) -> Policy:
        """The policy in force on a day."""
        return versions.on(self.policies, day).policy

    def rules_of(self, year: int, today: dt.date) -> YearRules:
        """The rules by which a year's releases are made, as far as they are known today."""
        return versions.of_year(self.policies, year, today)

    def latest_months(self, today: dt.date) -> int:
        """Months from collection to purge of what is collected today: by the rules of the days on which it can have come."""
        standing = versions.between(self.policies, today - DAYS_UNCOLLECTED, today)
        return min(one.policy.latest_months for one in standing)

    def announced(self, today: dt.date) -> list[Version]:
        """Signed versions that have not begun."""
        return versions.to_come(self.policies, today)

    def holds_policy(self, place: Place) -> bool:
        """Whether this very version is part of the policy's chain."""
        return place.version <= len(self.policies) and self.policies[place.version - 1].hash == place.hash

    def holds(self, place: Place) -> bool:
        """Whether this very version is part of the manifest's chain."""
        return place.version <= len(self.pages) and document_hash(self.pages[place.version - 1].document) == place.hash


# the documents are public, and checking a step costs two signatures: each process does it once
@lru_cache(maxsize=8)
def walk(pages: tuple[Page, ...], pin: str, newest: Place | None, newest_policy: Place | None = None) -> Charter:
    """The charter in these pages, for the pinned hash of version 1 and the newest versions seen. Raises CharterRefused."""
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
    if not manifest.first_readers:
        raise CharterRefused(ONLY_STAND_INS)
    if len(signers(first, manifest)) < len(manifest.guardians):
        raise CharterRefused("the manifest is not signed by every guardian in it")
    signed = _persons(policy_page, manifest)
    if len(signed) < LEAST_GUARDIANS:
        raise CharterRefused("the policy is not signed by two guardians")
    policies = [Version(1, policy, document_hash(policy_page.document), signed=signed)]
    chain, last = _later(found, first, manifest, policies)
    code, reopened = check_code(first.document), _reopened(pages, last)
    charter = Charter(last, tuple(policies), code, chain, reopened)
    if newest is not None and not charter.holds(newest):
        raise CharterRefused("the manifest is older than, or another than, the newest one that was seen")
    if newest_policy is not None and not charter.holds_policy(newest_policy):
        raise CharterRefused("the policy is older than, or another than, the newest one that was seen")
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
    if not after.first_readers:
        raise CharterRefused(ONLY_STAND_INS)
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


def restore_days(page: Page) -> tuple[dt.date, dt.date]:
    """When a copy was put back, and of which day it was. Raises CharterRefused."""
    try:
        parts = json.loads(page.document)
        return dt.date.fromisoformat(parts["day"]), dt.date.fromisoformat(parts["copied_on"])
    except (ValueError, KeyError, TypeError) as error:
        raise CharterRefused("what says that a copy was put back cannot be read") from error


def _reopened(pages: Iterable[Page], manifest: Manifest) -> dict[str, dt.date]:
    # who agreed may have new keys by now, or have left
    known = dataclasses.replace(manifest, guardians=(*manifest.guardians, *(one.key for one in manifest.former)))
    agreed = [
        page
        for page in pages
        if page.chain == RESTORE and len({one.person_id for one in signers(page, known)}) >= LEAST_GUARDIANS
    ]
    return {document_hash(page.document): restore_days(page)[0] for page in agreed}


def _signed(guardian: GuardianKey, message: bytes, offered: Mapping[str, str]) -> bool:
    try:
        return signing.verify(guardian.sign, message, bytes.fromhex(offered.get(guardian.kid.hex(), "")))
    except ValueError:
        return False


def _persons(page: Page, manifest: Manifest) -> frozenset[bytes]:
    return frozenset(guardian.person_id for guardian in signers(page, manifest))


def _later(
    found: Mapping[tuple[str, int], Page], first: Page, manifest: Manifest, policies: list[Version]
) -> tuple[tuple[Page, ...], Manifest]:
    """The signed versions after the first, in the one order in which both chains can have grown.

    Each policy names the manifest whose guardians sign it, each manifest the newest policy signed before it: so those
    who have left can put nothing between. A version that too few have signed is a draft, and nothing may come after it.
    """
    chain: list[Page] = [first]
    while True:
        here = document_hash(chain[-1].document)
        if (version := _next_policy(found, manifest, here, policies)) is not None:
            policies.append(version)
            continue
        page = found.get(("manifest", manifest.version + 1))
        if page is None or len(signers(page, manifest)) < LEAST_GUARDIANS:
            break
        manifest = follow(manifest, here, page.document)
        if manifest.policy != policies[-1].hash:
            raise CharterRefused("the policy is not the one that a version of the manifest names")
        chain.append(page)
    _check_ends(found, manifest, policies)
    return tuple(chain), manifest


def _next_policy(
    found: Mapping[tuple[str, int], Page], manifest: Manifest, here: str, policies: list[Version]
) -> Version | None:
    page = found.get(("policy", policies[-1].number + 1))
    try:
        if page is None or read_change(page.document).manifest != here:
            return None
        signed = _persons(page, manifest)
        return versions.follow(policies, here, page.document, signed) if len(signed) >= LEAST_GUARDIANS else None
    except PolicyRefused as error:
        if page is None or len(_persons(page, manifest)) < LEAST_GUARDIANS:
            return None
        raise CharterRefused(f"version {page.version} of the policy {error}") from error


def _check_ends(found: Mapping[tuple[str, int], Page], manifest: Manifest, policies: list[Version]) -> None:
    """Nothing is left over but a draft of each chain."""
    if max(version for chain, version in found if chain == "manifest") > manifest.version + 1:
        raise CharterRefused("a version of the manifest is missing or not signed by two guardians")
    if max(version for chain, version in found if chain == "policy") > policies[-1].number + 1:
        raise CharterRefused("a version of the policy is missing or not signed by two guardians")
    page = found.get(("policy", policies[-1].number + 1))
    if page is not None and len(signers(page, manifest)) >= LEAST_GUARDIANS:
        raise CharterRefused(
            f"version {page.version} of the policy names other guardians than those who had to sign it"
        )
