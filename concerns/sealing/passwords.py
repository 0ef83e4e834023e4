"""Passphrases: one slow stretch gives a verifier and a key, and secrets are sealed under that key."""

import contextlib
import fcntl
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SALT_BYTES = 16
MEMORY_KIB = 64 * 1024
ITERATIONS = 3
AT_ONCE = 2  # 64 MiB each: a burst of sign-ins must not exhaust the machine
#: seconds that somebody at the command line waits for a turn, and somebody in front of a page
PATIENCE, AT_THE_DOOR = 300.0, 10.0
LOOK_AGAIN = 0.05  # seconds

#: one thread of a process waits, the others are told at once: the threads that serve pages must not all stand in line
_waiting = threading.Lock()


class Busy(Exception):
    """Too many passphrases are being stretched at this moment."""


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


def stretch(passphrase: str, salt: bytes, lock_folder: Path, patience: float = PATIENCE) -> Stretched:
    """Argon2id (64 MiB, 3 passes, one lane), at most two at once across the processes of this instance.

    Raises Busy where somebody of this process waits for a turn already, or none came within `patience` seconds.
    """
    with _turn(lock_folder, patience):
        master = Argon2id(salt=salt, length=32, iterations=ITERATIONS, lanes=1, memory_cost=MEMORY_KIB).derive(
            passphrase.encode(errors="surrogatepass")
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
def _turn(folder: Path, patience: float) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.ExitStack() as stack:
        places = [stack.enter_context((folder / f"stretch-{place}.lock").open("w")) for place in range(AT_ONCE)]
        if not _taken(places):
            _wait(places, patience)
        yield  # closing the file gives the place back


def _wait(places: Sequence[TextIO], patience: float) -> None:
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        until = time.monotonic() + patience
        while not _taken(places):
            if time.monotonic() >= until:
                raise Busy
            time.sleep(LOOK_AGAIN)
    finally:
        _waiting.release()


def _taken(places: Sequence[TextIO]) -> bool:
    """Take whichever place is free; False where none is."""
    for place in places:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return True
    return False
