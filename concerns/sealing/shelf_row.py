"""One row of a guardian's shelf: symmetric, under a key from her own seed and the row's random salt, padded to a public size."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CARDS, TEXTS, READ, LEARNT, DELETED = "cards", "texts", "read", "learnt", "deleted"
#: the week of what belongs to no week
ALWAYS = dt.date.min

SALT_BYTES, LENGTH_BYTES = 32, 4
_NONCE = bytes(12)  # each row has a key of its own


@dataclass(frozen=True)
class Owner:
    """Whose shelf it is. The seed is there for one request alone."""

    site_id: bytes
    person_id: bytes
    kem_seed: bytes

    def __repr__(self) -> str:
        return f"Owner({self.person_id.hex()})"  # a seed must not reach a traceback


@dataclass(frozen=True)
class Row:
    """What is written: `size` is what anybody may know of it, and comes from public counts alone."""

    part: str
    week: dt.date
    payload: bytes
    size: int


def fits(payload: bytes, size: int) -> bool:
    """Whether a payload can be padded to this size."""
    return len(payload) + LENGTH_BYTES <= size


def sealed_row(owner: Owner, row: Row) -> dict[str, Any]:
    """The row as it is stored, under a key of its own. Raises ValueError for a payload that does not fit."""
    if not fits(row.payload, row.size):
        raise ValueError("this row is too small")
    salt = secrets.token_bytes(SALT_BYTES)
    padded = len(row.payload).to_bytes(LENGTH_BYTES, "big") + row.payload
    body = _cipher(owner, row.part, row.week, salt).encrypt(_NONCE, padded.ljust(row.size, b"\0"), None)
    return {"person_id": owner.person_id, "part": row.part, "week": row.week, "salt": salt, "body": body}


def opened_row(owner: Owner, part: str, week: dt.date, salt: bytes, body: bytes) -> bytes | None:
    """The payload again; None where this is not what she sealed for this place."""
    try:
        padded = _cipher(owner, part, week, salt).decrypt(_NONCE, body, None)
    except InvalidTag:
        return None
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def _cipher(owner: Owner, part: str, week: dt.date, salt: bytes) -> AESGCM:
    info = b"concerns-shelf/1" + owner.site_id + owner.person_id + week.isoformat().encode() + part.encode()
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=info).derive(owner.kem_seed))
