"""The manifest: which keys are guardians' keys. A key that is not in it is never a recipient."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from concerns.sealing.keys import PUBLIC_BYTES, kid_of
from concerns.sealing.signing import Signers
from concerns.sealing.text import canonical, from_text, to_text


class ManifestRefused(ValueError):
    """The document is not a manifest that this version understands."""


@dataclass(frozen=True)
class GuardianKey:
    """One guardian's public keys, under the name that staff see on the promise page."""

    person_id: bytes
    name: str
    kem: bytes
    sign: bytes
    #: she comes from outside, and sees only what the others cannot read now. Not part of what makes two keys the same
    stand_in: bool = field(default=False, compare=False)

    @cached_property
    def kid(self) -> bytes:
        """The id of her KEM key."""
        return kid_of(self.kem)

    @property
    def digest(self) -> str:
        """The hash of both keys, in hex: what a later manifest names them by when it takes them out."""
        return hashlib.sha256(b"concerns-key/1" + self.kem + self.sign).hexdigest()


@dataclass(frozen=True)
class Former:
    """Keys that a later manifest took out. What they signed until that day stays valid, and nothing after it."""

    key: GuardianKey
    until: dt.date


@dataclass(frozen=True)
class Manifest:
    """The guardians of one version, in the order of their names."""

    version: int
    guardians: tuple[GuardianKey, ...]
    #: the hash of the document before, in hex; None in version 1, as is the day on which a later one was proposed
    previous: str | None = None
    day: dt.date | None = None
    #: digests of the keys that this version takes out
    removed: frozenset[str] = frozenset()
    #: persons to whom concluded flags from before their time may be handed too
    older: frozenset[bytes] = frozenset()
    #: persons whose new key follows from a use of recovery shares
    recovered: frozenset[bytes] = frozenset()
    #: the hash of the policy that these guardians stand by; empty in version 1, where they signed it
    policy: str = ""
    #: from the versions before: keys that were taken out, and since when a key that joined later is in
    former: tuple[Former, ...] = ()
    since: Mapping[bytes, dt.date] = field(default_factory=dict)
    #: every use of recovery shares: its day and whose they were
    recoveries: tuple[tuple[dt.date, str], ...] = ()

    def by_kid(self, kid: bytes) -> GuardianKey | None:
        return next((guardian for guardian in self.guardians if guardian.kid == kid), None)

    def by_person(self, person_id: bytes) -> GuardianKey | None:
        return next((guardian for guardian in self.guardians if guardian.person_id == person_id), None)

    def by_signer(self, sign_public: bytes | None) -> GuardianKey | None:
        """Whose signing key it is, or was."""
        known = (*self.guardians, *(former.key for former in self.former))
        return next((guardian for guardian in known if guardian.sign == sign_public), None)

    @property
    def first_readers(self) -> tuple[GuardianKey, ...]:
        """The guardians who are no stand-ins."""
        return tuple(guardian for guardian in self.guardians if not guardian.stand_in)

    @property
    def kem_publics(self) -> tuple[bytes, ...]:
        return tuple(guardian.kem for guardian in self.guardians)

    @property
    def kids(self) -> dict[bytes, bytes]:
        """The id of each guardian's KEM key, by person."""
        return {guardian.person_id: guardian.kid for guardian in self.guardians}

    @property
    def known_kids(self) -> frozenset[bytes]:
        """The ids of all KEM keys that a guardian has, or had: none of them is a reporter's."""
        return frozenset(self.kids.values()) | {former.key.kid for former in self.former}

    @cached_property
    def signers(self) -> Signers:
        """The keys whose signature is a guardian's, each former one's until its last day."""
        until = {former.key.sign: former.until for former in self.former}
        return Signers([*(guardian.sign for guardian in self.guardians), *until], until)


def write_manifest(
    guardians: Collection[GuardianKey],
    version: int,
    previous: str | None,
    site: str,
    step: Mapping[str, Any] | None = None,
) -> bytes:
    """The document that guardians sign; `step` holds what a later version says beside its keys (see `write_step`)."""
    return canonical(
        {
            "chain": "manifest",
            "version": version,
            "previous": previous,
            "site": site,
            "guardians": [
                {
                    "person": to_text(guardian.person_id),
                    "name": guardian.name,
                    "kem": to_text(guardian.kem),
                    "sign": to_text(guardian.sign),
                    **({"stand_in": True} if guardian.stand_in else {}),
                }
                for guardian in sorted(guardians, key=lambda guardian: (guardian.name, guardian.person_id))
            ],
            **(step or {}),
        }
    )


def write_step(manifest: Manifest, site: str) -> bytes:
    """The document of a version after the first."""
    if manifest.day is None:
        raise ValueError("a later version bears the day on which it was proposed")
    step = {
        "day": manifest.day.isoformat(),
        "removed": sorted(manifest.removed),
        "older": sorted(to_text(person_id) for person_id in manifest.older),
        "recovered": sorted(to_text(person_id) for person_id in manifest.recovered),
        "policy": manifest.policy,
    }
    return write_manifest(manifest.guardians, manifest.version, manifest.previous, site, step)


def read_manifest(document: bytes) -> Manifest:
    """The manifest in a document. Raises ManifestRefused."""
    try:
        parts = json.loads(document)
        guardians = tuple(_read_key(one) for one in parts["guardians"])
        version = int(parts["version"])
        later = _read_step(parts) if version > 1 else {}
        manifest = Manifest(version, guardians, parts["previous"], **later)
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestRefused from error
    if not all(len(guardian.kem) == PUBLIC_BYTES and len(guardian.sign) == 32 for guardian in guardians):
        raise ManifestRefused
    if len({guardian.person_id for guardian in guardians}) != len(guardians):
        raise ManifestRefused
    return manifest


def _read_key(one: Mapping[str, Any]) -> GuardianKey:
    kem, sign = from_text(one["kem"]), from_text(one["sign"])
    return GuardianKey(from_text(one["person"]), str(one["name"]), kem, sign, one.get("stand_in") is True)


def _read_step(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "day": dt.date.fromisoformat(parts["day"]),
        "removed": frozenset(str(digest) for digest in parts["removed"]),
        "older": frozenset(from_text(one) for one in parts["older"]),
        "recovered": frozenset(from_text(one) for one in parts["recovered"]),
        "policy": str(parts["policy"]),
    }


def document_hash(document: bytes) -> str:
    """SHA-256 of a document, in hex: what the next version, and the pin, point to."""
    return hashlib.sha256(document).hexdigest()


def check_code(document: bytes) -> str:
    """The first 60 bits of a document's hash, in groups of five hex digits: short enough to read out."""
    digits = document_hash(document)[:15]
    return " ".join(digits[start : start + 5] for start in range(0, 15, 5))
