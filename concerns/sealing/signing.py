"""Ed25519 signatures: who said it, and that nothing was changed since."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def sign_public(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """A 64-byte signature."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's; False for a malformed key or signature too."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class Signers(tuple[bytes, ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """Public keys that guardians sign with, those of former guardians among them."""

    #: the last day that a former guardian's key may have signed; a key that is not named here is in use
    until: Mapping[bytes, dt.date]

    def __new__(cls, keys: Iterable[bytes], until: Mapping[bytes, dt.date]) -> Self:
        made = super().__new__(cls, keys)
        made.until = until
        return made
