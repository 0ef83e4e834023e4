"""A guardian's signed statement that a flag was told: its week, the hash of its content, and the day she says so."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concerns.sealing.saying import day_said, said
from concerns.sealing.signing import sign, verify
from concerns.sealing.text import canonical, from_text, to_text


@dataclass(frozen=True)
class Proof:
    """What a valid proof states."""

    #: the Monday of the week in which the flag was collected
    week: dt.date
    #: see `content_hash`
    content: str
    #: the day on which the guardian signed it
    day: dt.date


def content_hash(flag: Mapping[str, Any], reporter_sign: bytes) -> str:
    """base64url of SHA-256("concerns-content/1" ‖ the reporter's signing key ‖ her three texts).

    The key binds it to one thread: the same words told by somebody else have another hash.
    """
    texts = [said(flag, "text"), said(flag, "cause"), said(flag, "help")]
    return to_text(hashlib.sha256(b"concerns-content/1" + reporter_sign + canonical(texts)).digest())


def statement(site_id: bytes, week: dt.date, content: str, day: dt.date) -> bytes:
    """The bytes that are signed."""
    stated = {"site": to_text(site_id), "week": week.isoformat(), "content": content, "day": day.isoformat()}
    return b"concerns-proof/1" + canonical(stated)


def sign_proof(sign_seed: bytes, site_id: bytes, week: dt.date, content: str, day: dt.date) -> dict[str, str]:
    """The proof as it stands in a status, under the name "proof"."""
    signature = sign(sign_seed, statement(site_id, week, content, day))
    return {"week": week.isoformat(), "content": content, "day": day.isoformat(), "sig": to_text(signature)}


def verify_proof(status: Mapping[str, Any], site_id: bytes, content: str, sign_public: bytes) -> Proof | None:
    """The proof in a status's payload; None unless this key signed it for this site and this very content."""
    proof = status.get("proof")
    if not isinstance(proof, dict) or said(proof, "content") != content:
        return None
    week, day = day_said(proof, "week"), day_said(proof)
    if week is None or day is None:
        return None
    try:
        signature = from_text(said(proof, "sig"))
    except ValueError:
        return None
    return Proof(week, content, day) if verify(sign_public, statement(site_id, week, content, day), signature) else None
