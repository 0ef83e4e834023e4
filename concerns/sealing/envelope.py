"""The envelope, version 1: one format for everything that is sealed in a thread."""

import hashlib
import json
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from concerns.sealing import keys, signing
from concerns.sealing.text import canonical, from_text, to_text

VERSION = 1
SUITE = 1
MAX_TEXT_BYTES = 12_000
TAG_BYTES = 16
WRAP_BYTES = 1168
KEPT_SECRET = 32


class Kind(IntEnum):
    """What an envelope holds."""

    FLAG = 1
    DETAIL = 2
    REPLY = 3
    NOTE = 4
    TRIAGE = 5
    FILE = 6
    STATUS = 7
    CONTACT = 8


# what a body is padded to, before the tag: the smallest that fits
SIZES: Mapping[Kind, tuple[int, ...]] = {
    Kind.FLAG: (16384,),
    Kind.DETAIL: (16384,),
    Kind.REPLY: (4096, 16384),
    Kind.NOTE: (4096, 16384),
    Kind.TRIAGE: (4096, 16384),
    Kind.FILE: (512 * 1024,),
    Kind.STATUS: (4096, 16384),
    Kind.CONTACT: (4096,),
}


class SealingError(Exception):
    """Something sealed could not be made or opened."""


class NotForThisKey(SealingError):
    """This key is not among the recipients, or was excluded (the two look alike on purpose)."""


class Tampered(SealingError):
    """The envelope is not what its sealer made."""


class TooLong(SealingError):
    """The payload does not fit the largest body of its kind."""


@dataclass(frozen=True)
class Header:
    """What an envelope is bound to: its kind, site, thread and own id (16 bytes each)."""

    kind: Kind
    site_id: bytes
    thread_id: bytes
    envelope_id: bytes

    @property
    def context(self) -> bytes:
        """60 bytes: "concerns/1" ‖ suite ‖ kind ‖ site ‖ thread ‖ envelope."""
        ids = self.site_id + self.thread_id + self.envelope_id
        if len(ids) != 48:
            raise ValueError("ids have 16 bytes each")
        return b"concerns/1" + bytes((SUITE, self.kind)) + ids


@dataclass(frozen=True)
class Sealed:
    """An envelope as it is stored and sent: header, key commitment[32], body and wraps {kid: wrap[1168]}."""

    header: Header
    commit: bytes
    body: bytes
    wraps: Mapping[bytes, bytes]


def seal(
    header: Header,
    payload: Mapping[str, Any],
    recipients: Iterable[bytes],
    sign_seed: bytes | None = None,
    excluded: frozenset[bytes] = frozenset(),
) -> Sealed:
    """Seal a payload to the recipients' KEM public keys, signed where a seed is given.

    A recipient whose kid is in `excluded` gets a wrap of 32 random bytes instead of the data key: same row, same
    length. Raises TooLong.
    """
    dek = secrets.token_bytes(KEPT_SECRET)
    key, nonce, commit = _schedule(header, dek)
    if sign_seed is not None:
        signature = signing.sign(sign_seed, _signed_bytes(header, commit, payload))
        payload = {**payload, "sig": to_text(signature)}
    body = AESGCM(key).encrypt(nonce, _pad(header.kind, canonical(payload)), header.context + commit)
    wraps = {}
    for public in recipients:
        kid = keys.kid_of(public)
        kept = secrets.token_bytes(KEPT_SECRET) if kid in excluded else dek
        wraps[kid] = wrap_for(public, kept, header, commit)
    return Sealed(header, commit, body, wraps)


def wrap_for(public: bytes, dek: bytes, header: Header, commit: bytes) -> bytes:
    """The data key sealed to one recipient, bound to the envelope and to her key id."""
    info = header.context + commit + keys.kid_of(public)
    return keys.SUITE.encrypt(dek, keys.public_key(public), info)


def rewrap(sealed: Sealed, holder: keys.Holder, public: bytes, excluded: bool = False) -> bytes:
    """A wrap for one more recipient by somebody who can open: of the data key, or of 32 random bytes for the excluded.

    Raises NotForThisKey or Tampered. Nobody passes on a key to which the envelope is not committed.
    """
    dek = data_key(sealed, holder)
    open_with(sealed, dek)
    kept = secrets.token_bytes(KEPT_SECRET) if excluded else dek
    return wrap_for(public, kept, sealed.header, sealed.commit)


def open_sealed(sealed: Sealed, kem_seed: bytes) -> dict[str, Any]:
    """The payload, for the holder of this KEM seed. Raises NotForThisKey or Tampered."""
    return open_for(sealed, keys.Holder(kem_seed))


def open_for(sealed: Sealed, holder: keys.Holder) -> dict[str, Any]:
    """The same for somebody who opens many. Raises NotForThisKey or Tampered."""
    return open_with(sealed, data_key(sealed, holder))


def data_key(sealed: Sealed, holder: keys.Holder) -> bytes:
    """The envelope's data key, taken from the holder's wrap. Raises NotForThisKey or Tampered."""
    wrap = sealed.wraps.get(holder.kid)
    if wrap is None:
        raise NotForThisKey
    try:
        dek = keys.SUITE.decrypt(wrap, holder.private, sealed.header.context + sealed.commit + holder.kid)
    except (InvalidTag, ValueError) as error:
        raise Tampered from error
    return dek


def open_with(sealed: Sealed, dek: bytes) -> dict[str, Any]:
    """The payload under a data key. Raises NotForThisKey where the key is another one, Tampered for the rest."""
    key, nonce, commit = _schedule(sealed.header, dek)
    if not bytes_eq(commit, sealed.commit):
        raise NotForThisKey
    try:
        padded = AESGCM(key).decrypt(nonce, sealed.body, sealed.header.context + sealed.commit)
        payload = json.loads(_unpad(padded))
        canonical(payload)  # fails for half characters, NaN and endless nesting: nobody honest could have sealed them
    except (InvalidTag, ValueError, RecursionError, struct.error) as error:
        raise Tampered from error
    if not isinstance(payload, dict):
        raise Tampered
    return payload


def signed_by(sealed: Sealed, payload: Mapping[str, Any], sign_public: bytes) -> bool:
    """Whether an opened payload carries this key's signature over its context, commitment and content."""
    try:
        signature = from_text(str(payload.get("sig", "")))
        message = _signed_bytes(sealed.header, sealed.commit, payload)
    except (ValueError, RecursionError):
        return False
    return signing.verify(sign_public, message, signature)


def _schedule(header: Header, dek: bytes) -> tuple[bytes, bytes, bytes]:
    """key[32], nonce[12], commit[32]. The commitment stops one ciphertext from having two readings."""
    derived = HKDF(SHA256(), length=76, salt=None, info=header.context + b"body").derive(dek)
    return derived[:32], derived[32:44], derived[44:]


def _signed_bytes(header: Header, commit: bytes, payload: Mapping[str, Any]) -> bytes:
    content = {name: value for name, value in payload.items() if name != "sig"}
    return b"concerns-sig/1" + header.context + commit + hashlib.sha256(canonical(content)).digest()


def _pad(kind: Kind, payload: bytes) -> bytes:
    needed = 4 + len(payload)
    for size in SIZES[kind]:
        if needed <= size:
            return struct.pack(">I", len(payload)) + payload + bytes(size - needed)
    raise TooLong


def _unpad(padded: bytes) -> bytes:
    (length,) = struct.unpack(">I", padded[:4])
    if length > len(padded) - 4 or any(padded[4 + length :]):
        raise ValueError("bad padding")
    return padded[4 : 4 + length]
