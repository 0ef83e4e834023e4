"""Signed envelopes form one chain per signer: nothing can be changed, dropped or moved unseen."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from concerns.sealing.envelope import Kind, Sealed, signed_by
from concerns.sealing.saying import day_said
from concerns.sealing.signing import Signers
from concerns.sealing.text import to_text

REPORTER_KINDS = frozenset({Kind.FLAG, Kind.DETAIL, Kind.FILE, Kind.CONTACT})
UNSIGNED_KINDS = frozenset({Kind.FLAG, Kind.FILE, Kind.CONTACT})


class Standing(StrEnum):
    """What can be said of who wrote an opened envelope."""

    PROVEN = "proven"
    UNPROVEN = "unproven"  # not signed by anybody who may have written it
    BROKEN = "broken"  # signed, but something before it is missing, changed or moved


def link_hash(sealed: Sealed) -> str:
    """base64url of SHA-256(header ‖ commit ‖ body). Wraps stay out: they change when a guardian joins or leaves."""
    return to_text(hashlib.sha256(sealed.header.context + sealed.commit + sealed.body).digest())


def next_link(own: Sequence[tuple[Sealed, Mapping[str, Any]]], newest_other: Sealed | None) -> dict[str, Any]:
    """The chain fields of a signer's next payload.

    `own` are the signer's earlier signed envelopes of this thread, opened, in any order; `newest_other` is the newest
    envelope of the other side that the signer has seen.
    """
    last = max(own, key=lambda pair: position(pair[1]), default=None)
    return {
        "n": 0 if last is None else position(last[1]) + 1,
        "prev": None if last is None else link_hash(last[0]),
        "seen": None if newest_other is None else link_hash(newest_other),
    }


def position(payload: Mapping[str, Any]) -> int:
    """Where a signed payload says it stands in its signer's chain; -1 where it says nothing."""
    n = payload.get("n")
    return n if isinstance(n, int) and not isinstance(n, bool) else -1


@dataclass(frozen=True)
class Opened:
    """An envelope that this reader could open: what it says, who signed it, and how far that can be trusted."""

    sealed: Sealed
    payload: dict[str, Any]
    signer: bytes | None
    standing: Standing

    @property
    def kind(self) -> Kind:
        return self.sealed.header.kind


def judge(
    opened: Sequence[tuple[Sealed, dict[str, Any]]],
    rows: Iterable[Sealed],
    guardian_signers: Sequence[bytes],
    reporter_signer: bytes | None,
) -> list[Opened]:
    """Say of each opened envelope who signed it and whether its chain is whole.

    `rows` are all envelopes of the thread, opened or not: a predecessor that this reader cannot open still proves
    that nothing was dropped. Guardians' kinds may be signed by a guardian's key only, details by the reporter's only.
    A flag is not signed: it is what the reporter's key comes from.
    """
    known = {link_hash(sealed) for sealed in rows}
    places = {link_hash(sealed): position(payload) for sealed, payload in opened}
    taken: set[tuple[bytes, int]] = set()
    judged = []
    for sealed, payload in sorted(opened, key=lambda pair: (position(pair[1]), pair[0].header.envelope_id)):
        if sealed.header.kind in UNSIGNED_KINDS:
            judged.append(Opened(sealed, payload, None, Standing.PROVEN))
            continue
        signer = _signer(sealed, payload, guardian_signers, reporter_signer)
        whole = signer is not None and _follows(payload, known, places) and (signer, position(payload)) not in taken
        if signer is not None:
            taken.add((signer, position(payload)))
        standing = Standing.PROVEN if whole else Standing.UNPROVEN if signer is None else Standing.BROKEN
        judged.append(Opened(sealed, payload, signer, standing))
    return judged


def guardian_signer(sealed: Sealed, payload: Mapping[str, Any], signers: Sequence[bytes]) -> bytes | None:
    """The guardian's key that signed an opened payload; a former guardian's only for a day within her time.

    The day stands in what she signed: who has left can write an earlier one, but then she needs the database as well.
    """
    signer = next((key for key in signers if signed_by(sealed, payload, key)), None)
    until = signers.until.get(signer) if isinstance(signers, Signers) and signer is not None else None
    if until is None:
        return signer
    day = day_said(payload)
    return signer if day is not None and day <= until else None


def _signer(
    sealed: Sealed, payload: Mapping[str, Any], guardian_signers: Sequence[bytes], reporter_signer: bytes | None
) -> bytes | None:
    if sealed.header.kind not in REPORTER_KINDS:
        return guardian_signer(sealed, payload, guardian_signers)
    known = reporter_signer is not None and signed_by(sealed, payload, reporter_signer)
    return reporter_signer if known else None


def missing_seen(opened: Iterable[Opened], rows: Iterable[Sealed]) -> bool:
    """Whether a proven envelope says its signer had seen one that is no longer there."""
    known = {link_hash(sealed) for sealed in rows}
    proven = [item for item in opened if item.standing is Standing.PROVEN and item.signer]
    stated = {seen for item in proven if isinstance(seen := item.payload.get("seen"), str)}
    return bool(stated - known)


def _follows(payload: Mapping[str, Any], known: set[str], places: Mapping[str, int]) -> bool:
    n, prev, seen = position(payload), payload.get("prev"), payload.get("seen")
    if seen is not None and not isinstance(seen, str):
        return False
    if n <= 0:
        return n == 0 and prev is None
    return isinstance(prev, str) and prev in known and places.get(prev, n - 1) == n - 1


def in_order(links: Sequence[tuple[str, Sequence[str], Any]]) -> list[str]:
    """Envelopes in the order in which they were written, from (hash, hashes written before it, rank).

    The signed links decide; where they leave it open, the lower rank comes first. A circle, which nobody honest can
    make, is broken at its lowest rank.
    """
    ranks = {own: rank for own, _before, rank in links}
    waiting = {own: {other for other in before if other in ranks and other != own} for own, before, _rank in links}
    found: list[str] = []
    while waiting:
        free = [own for own, before in waiting.items() if not before] or list(waiting)
        own = min(free, key=lambda one: (ranks[one], one))
        found.append(own)
        del waiting[own]
        for before in waiting.values():
            before.discard(own)
    return found
