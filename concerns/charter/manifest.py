"""The manifest: which keys are guardians' keys. A key that is not in it is never a recipient."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from concerns.sealing.keys import PUBLIC_BYTES, kid_of
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

    @cached_property
    def kid(self) -> bytes:
        """The id of her KEM key."""
        return kid_of(self.kem)


@dataclass(frozen=True)
class Manifest:
    """The guardians of one version, in the order of their names."""

    version: int
    guardians: tuple[GuardianKey, ...]

    def by_kid(self, kid: bytes) -> GuardianKey | None:
        return next((guardian for guardian in self.guardians if guardian.kid == kid), None)

    def by_person(self, person_id: bytes) -> GuardianKey | None:
        return next((guardian for guardian in self.guardians if guardian.person_id == person_id), None)

    def by_signer(self, sign_public: bytes | None) -> GuardianKey | None:
        return next((guardian for guardian in self.guardians if guardian.sign == sign_public), None)

    @property
    def kem_publics(self) -> tuple[bytes, ...]:
        return tuple(guardian.kem for guardian in self.guardians)

    @property
    def kids(self) -> dict[bytes, bytes]:
        """The id of each guardian's KEM key, by person."""
        return {guardian.person_id: guardian.kid for guardian in self.guardians}

    @property
    def signers(self) -> tuple[bytes, ...]:
        return tuple(guardian.sign for guardian in self.guardians)


def write_manifest(guardians: list[GuardianKey], version: int, previous: str | None, site: str) -> bytes:
    """The document that guardians sign."""
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
                }
                for guardian in sorted(guardians, key=lambda guardian: (guardian.name, guardian.person_id))
            ],
        }
    )


def read_manifest(document: bytes) -> Manifest:
    """The manifest in a document. Raises ManifestRefused."""
    try:
        parts = json.loads(document)
        guardians = tuple(
            GuardianKey(from_text(one["person"]), str(one["name"]), from_text(one["kem"]), from_text(one["sign"]))
            for one in parts["guardians"]
        )
        manifest = Manifest(int(parts["version"]), guardians)
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestRefused from error
    if not all(len(guardian.kem) == PUBLIC_BYTES and len(guardian.sign) == 32 for guardian in guardians):
        raise ManifestRefused
    if len({guardian.person_id for guardian in guardians}) != len(guardians):
        raise ManifestRefused
    return manifest


def document_hash(document: bytes) -> str:
    """SHA-256 of a document, in hex: what the next version, and the pin, point to."""
    return hashlib.sha256(document).hexdigest()


def check_code(document: bytes) -> str:
    """The first 60 bits of a document's hash, in groups of five hex digits: short enough to read out."""
    digits = document_hash(document)[:15]
    return " ".join(digits[start : start + 5] for start in range(0, 15, 5))
