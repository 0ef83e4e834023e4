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
    """A wrap as it is stored: nonce[12] ‖ AES-256-GCM, bound to its envelope and recipient."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(shred_key).encrypt(nonce, wrap, envelope_id + kid)


def uncover(shred_key: bytes, envelope_id: bytes, kid: bytes, stored: bytes) -> bytes | None:
    """The wrap again, or None where the stored bytes are not what was covered."""
    try:
        return AESGCM(shred_key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], envelope_id + kid)
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
