"""Key pairs of the hybrid KEM MLKEM768-X25519 (HPKE 0x647A, X-Wing), and their ids."""

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

SEED_BYTES = 32
ML_KEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = ML_KEM_PUBLIC_BYTES + 32
KID_BYTES = 16

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def new_seed() -> bytes:
    """32 random bytes, the seed of a KEM or of a signing key pair."""
    return secrets.token_bytes(SEED_BYTES)


class Holder:
    """Whoever holds a KEM seed: the key pair expanded once, for as many envelopes as she opens. Keep it short."""

    def __init__(self, seed: bytes) -> None:
        """Expand a 32-byte seed as in draft-connolly-cfrg-xwing-kem."""
        if len(seed) != SEED_BYTES:
            raise ValueError("a seed has 32 bytes")
        expanded = hashlib.shake_256(seed).digest(96)
        ml_kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.private = MLKEM768X25519PrivateKey(ml_kem, x25519)
        self.public = ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        self.kid = kid_of(self.public)


def kem_public(seed: bytes) -> bytes:
    """The public key of a 32-byte seed: ML-KEM-768 public key[1184] ‖ X25519 public key[32]."""
    return Holder(seed).public


def public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """The public key from its 1,216 bytes. Raises ValueError for any other length."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError("a KEM public key has 1,216 bytes")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:ML_KEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public[ML_KEM_PUBLIC_BYTES:]),
    )


def kid_of(public: bytes) -> bytes:
    """A key's id: the first 16 bytes of SHA-256("concerns-kid/1" ‖ public key)."""
    return hashlib.sha256(b"concerns-kid/1" + public).digest()[:KID_BYTES]
