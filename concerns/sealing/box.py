"""Sealed blobs that belong to no thread, such as a closing guardian's vector for the other guardians."""

import json
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from concerns.sealing import keys
from concerns.sealing.text import canonical, from_text, to_text

_NONCE = bytes(12)  # each box has a key of its own


class BoxRefused(Exception):
    """The box is not for this key, or is not what its sealer made."""


def seal_box(publics: Iterable[bytes], payload: bytes, purpose: str) -> bytes:
    """Seal bytes to KEM public keys for one purpose; a box made for another purpose does not open."""
    info = b"concerns-box/1" + purpose.encode()
    key = AESGCM.generate_key(256)
    body = AESGCM(key).encrypt(_NONCE, payload, info)
    wraps = {
        to_text(keys.kid_of(public)): to_text(keys.SUITE.encrypt(key, keys.public_key(public), info))
        for public in publics
    }
    return canonical({"body": to_text(body), "wraps": wraps})


def open_box(kem_seed: bytes, box: bytes, purpose: str) -> bytes:
    """The bytes in a box, for the holder of this KEM seed. Raises BoxRefused."""
    info = b"concerns-box/1" + purpose.encode()
    holder = keys.Holder(kem_seed)
    try:
        parts = json.loads(box)
        key = keys.SUITE.decrypt(from_text(parts["wraps"][to_text(holder.kid)]), holder.private, info)
        return AESGCM(key).decrypt(_NONCE, from_text(parts["body"]), info)
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise BoxRefused from error
