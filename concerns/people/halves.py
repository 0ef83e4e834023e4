"""Cookies in two halves: an id, of which the store keeps the hash, and the key that alone opens what lies there."""

import hashlib
import secrets
from typing import NamedTuple

from concerns.sealing.text import from_text, to_text

ID_BYTES, KEY_BYTES = 16, 32


class Halves(NamedTuple):
    """SHA-256[32] of the id, and the key[32]."""

    id_hash: bytes
    key: bytes


def new_cookie() -> tuple[str, Halves]:
    """The value of a new cookie, and what the store is to be given of it."""
    id_, key = secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES)
    return to_text(id_ + key), Halves(_hash(id_), key)


def halves_of(cookie: str) -> Halves | None:
    """The halves of a cookie; None where it has another form."""
    try:
        both = from_text(cookie)
    except ValueError:
        return None
    if len(both) != ID_BYTES + KEY_BYTES:
        return None
    return Halves(_hash(both[:ID_BYTES]), both[ID_BYTES:])


def _hash(id_: bytes) -> bytes:
    return hashlib.sha256(id_).digest()
