"""Sealed blobs that belong to no thread, such as a closing guardian's vector for the other guardians."""

import json
import secrets
from collections.abc import Collection, Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from concerns.sealing import keys
from concerns.sealing.text import canonical, from_text, to_text

_NONCE = bytes(12)  # each box has a key of its own
_KEY_BYTES, _TAG_BYTES, _LENGTH_BYTES = 32, 16, 2
#: one reader's part of a fixed box: the id of her key, and the box's key sealed to it
_READER_BYTES = keys.KID_BYTES + 1168
#: what the largest fixed box may hold: its body stays shorter than one reader's part, so that the length tells both
LARGEST = _READER_BYTES - _TAG_BYTES - _LENGTH_BYTES - 1


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


def readers_of(box: bytes) -> frozenset[bytes]:
    """The ids of the keys that a box was sealed to, which stand in clear. Raises BoxRefused where it is no box."""
    try:
        return frozenset(from_text(kid) for kid in json.loads(box)["wraps"])
    except (ValueError, KeyError, TypeError) as error:
        raise BoxRefused from error


def seal_fixed(
    publics: Iterable[bytes], payload: bytes, purpose: str, room: int, excluded: Collection[bytes] = ()
) -> bytes:
    """A box whose length depends on nothing but `room`, the most bytes it may hold, and how many may read.

    A reader whose key id is in `excluded` gets a random key: her part of the box looks like any other. Raises
    ValueError where the payload does not fit, or `room` is beyond LARGEST.
    """
    if len(payload) > room or room > LARGEST:
        raise ValueError("it does not fit into the box")
    info = _fixed_info(purpose)
    key = secrets.token_bytes(_KEY_BYTES)
    padded = len(payload).to_bytes(_LENGTH_BYTES) + payload + bytes(room - len(payload))
    parts = []
    for public in publics:
        kid = keys.kid_of(public)
        kept = secrets.token_bytes(_KEY_BYTES) if kid in excluded else key
        parts.append(kid + keys.SUITE.encrypt(kept, keys.public_key(public), info))
    return AESGCM(key).encrypt(_NONCE, padded, info) + b"".join(sorted(parts))


def open_fixed(holder: keys.Holder, box: bytes, purpose: str) -> bytes:
    """The bytes in a fixed box, for one of its readers. Raises BoxRefused."""
    info = _fixed_info(purpose)
    body = len(box) % _READER_BYTES
    parts = [box[start : start + _READER_BYTES] for start in range(body, len(box), _READER_BYTES)]
    wrap = next((part[keys.KID_BYTES :] for part in parts if part.startswith(holder.kid)), b"")
    try:
        key = keys.SUITE.decrypt(wrap, holder.private, info)
        padded = AESGCM(key).decrypt(_NONCE, box[:body], info)
    except (InvalidTag, ValueError) as error:
        raise BoxRefused from error
    length = int.from_bytes(padded[:_LENGTH_BYTES])
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def fixed_length(readers: int, room: int) -> int:
    """How many bytes a fixed box of so many readers has."""
    return _LENGTH_BYTES + room + _TAG_BYTES + readers * _READER_BYTES


def _fixed_info(purpose: str) -> bytes:
    return b"concerns-fixed-box/1" + purpose.encode()
