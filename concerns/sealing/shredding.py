"""Wraps under a thread's shred key: delete the key, and every copy of the wraps is noise."""

import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from concerns.sealing.envelope import TAG_BYTES, WRAP_BYTES
from concerns.sealing.keys import KID_BYTES

KEY_BYTES = 32
NONCE_BYTES = 12
STORED_BYTES = NONCE_BYTES + WRAP_BYTES + TAG_BYTES


def new_shred_key() -> bytes:
    """32 random bytes, kept in the live store."""
    return secrets.token_bytes(KEY_BYTES)


def cover(shred_key: bytes, envelope_id: bytes, kid: bytes, wrap: bytes) -> bytes:
    """A wrap as it is stored: nonce[12] ‖ AES-256-GCM, bound to its envelope and recipient, under the newest key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(newest(shred_key)).encrypt(nonce, wrap, envelope_id + kid)


def uncover(shred_key: bytes, envelope_id: bytes, kid: bytes, stored: bytes) -> bytes | None:
    """The wrap again, or None where the stored bytes are not what was covered under any of the keys."""
    for key in reversed(_each(shred_key)):
        wrap = _uncover(key, envelope_id, kid, stored)
        if wrap is not None:
            return wrap
    return None


def newest(shred_key: bytes) -> bytes:
    """The key that counts: while a thread is being brought under a new one, the older ones stand before it."""
    return shred_key[-KEY_BYTES:]


def with_older(shred_key: bytes, copied: bytes) -> bytes:
    """A thread's keys with those before them that only a copy still has: what counts stays the newest."""
    known = _each(shred_key)
    return b"".join(key for key in _each(copied) if key not in known) + shred_key


def covered_anew(shred_key: bytes, envelope_id: bytes, kid: bytes, stored: bytes) -> bytes:
    """A stored wrap under the newest key; as it was where it is so already, or where none of the keys opens it."""
    if not shred_key or _uncover(newest(shred_key), envelope_id, kid, stored) is not None:
        return stored
    wrap = uncover(shred_key, envelope_id, kid, stored)
    return stored if wrap is None else cover(shred_key, envelope_id, kid, wrap)


def _each(shred_key: bytes) -> list[bytes]:
    return [shred_key[start : start + KEY_BYTES] for start in range(0, len(shred_key), KEY_BYTES)]


def _uncover(key: bytes, envelope_id: bytes, kid: bytes, stored: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], envelope_id + kid)
    except (InvalidTag, ValueError):
        return None


def pack(stored: Mapping[bytes, bytes]) -> bytes:
    """Stored wraps in one string, for the arrival table: kid[16] ‖ wrap[1196], by kid."""
    return b"".join(kid + stored[kid] for kid in sorted(stored))


def unpack(packed: bytes) -> dict[bytes, bytes]:
    """The stored wraps again."""
    step = KID_BYTES + STORED_BYTES
    if len(packed) % step:
        raise ValueError("packed wraps are cut short")
    pieces = (packed[start : start + step] for start in range(0, len(packed), step))
    return {piece[:KID_BYTES]: piece[KID_BYTES:] for piece in pieces}
