"""Passphrases: one slow stretch gives a verifier and a key, and secrets are sealed under that key."""

import contextlib
import fcntl
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SALT_BYTES = 16
MEMORY_KIB = 64 * 1024
ITERATIONS = 3
AT_ONCE = 2  # 64 MiB each: a burst of sign-ins must not exhaust the machine


class WrongKey(Exception):
    """This key does not open that secret."""


@dataclass(frozen=True)
class Stretched:
    """Two independent halves: `verifier`[32] proves the passphrase, `kek`[32] opens what it protects."""

    verifier: bytes
    kek: bytes


def new_salt() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def stretch(passphrase: str, salt: bytes, lock_folder: Path) -> Stretched:
    """Argon2id (64 MiB, 3 passes, one lane), at most two at once across the processes of this instance."""
    with _turn(lock_folder):
        master = Argon2id(salt=salt, length=32, iterations=ITERATIONS, lanes=1, memory_cost=MEMORY_KIB).derive(
            passphrase.encode()
        )

    def part(name: bytes) -> bytes:
        return HKDFExpand(SHA256(), length=32, info=b"concerns-passphrase/1 " + name).derive(master)

    return Stretched(verifier=part(b"verifier"), kek=part(b"kek"))


def verifier_hash(verifier: bytes) -> bytes:
    """What the server keeps of the verifier."""
    return hashlib.sha256(verifier).digest()


def seal_secret(kek: bytes, secret: bytes, purpose: str, owner: bytes) -> bytes:
    """A secret sealed under a 32-byte key, bound to what it is for and whose it is: nonce[12] ‖ ciphertext."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(kek).encrypt(nonce, secret, _bound(purpose, owner))


def open_secret(kek: bytes, sealed: bytes, purpose: str, owner: bytes) -> bytes:
    """The secret again. Raises WrongKey for another key, purpose or owner."""
    try:
        return AESGCM(kek).decrypt(sealed[:12], sealed[12:], _bound(purpose, owner))
    except (InvalidTag, ValueError) as error:
        raise WrongKey from error


def _bound(purpose: str, owner: bytes) -> bytes:
    return b"concerns-secret/1 " + purpose.encode() + b"\0" + owner


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = secrets.randbelow(AT_ONCE)
    with (folder / f"stretch-{place}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
