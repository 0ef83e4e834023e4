"""An envelope as JSON and back, strictly: what a browser posts is taken only in the one form that we would have written."""

from collections.abc import Collection
from typing import Any

from concerns.sealing.envelope import SIZES, SUITE, TAG_BYTES, VERSION, WRAP_BYTES, Header, Kind, Sealed, SealingError
from concerns.sealing.keys import KID_BYTES
from concerns.sealing.text import from_text, to_text

ID_BYTES = 16
COMMIT_BYTES = 32
MOST_WRAPS = 64
NAMES = frozenset({"v", "suite", "kind", "site", "thread", "id", "commit", "body", "wraps"})


class BadEnvelope(SealingError):
    """This JSON is no envelope that we take.

    `why` is "old" (unknown version or suite), "foreign" (of another site), "kind" (unknown, or not taken here), "size"
    (something is too long or too short) or "shape" (anything else).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def to_wire(sealed: Sealed) -> dict[str, Any]:
    """The envelope as an object for JSON, all bytes as base64url."""
    return {
        "v": VERSION,
        "suite": SUITE,
        "kind": int(sealed.header.kind),
        "site": to_text(sealed.header.site_id),
        "thread": to_text(sealed.header.thread_id),
        "id": to_text(sealed.header.envelope_id),
        "commit": to_text(sealed.commit),
        "body": to_text(sealed.body),
        "wraps": {to_text(kid): to_text(wrap) for kid, wrap in sealed.wraps.items()},
    }


def from_wire(value: object, *, site_id: bytes, kinds: Collection[Kind]) -> Sealed:
    """The envelope in parsed JSON, of this site and of one of these kinds. Raises BadEnvelope and nothing else."""
    if not isinstance(value, dict):
        raise BadEnvelope("shape")
    if not (_is_one(value.get("v"), VERSION) and _is_one(value.get("suite"), SUITE)):
        raise BadEnvelope("old")
    if value.keys() != NAMES:
        raise BadEnvelope("shape")
    kind = _kind(value["kind"], kinds)
    site, thread, own = (_bytes(value[name], ID_BYTES) for name in ("site", "thread", "id"))
    if site != site_id:
        raise BadEnvelope("foreign")
    body = _bytes(value["body"], *(size + TAG_BYTES for size in SIZES[kind]))
    return Sealed(Header(kind, site, thread, own), _bytes(value["commit"], COMMIT_BYTES), body, _wraps(value["wraps"]))


def _is_one(value: object, number: int) -> bool:
    """True is 1 and so is 1.0 in Python, but not here."""
    return type(value) is int and value == number


def _kind(value: object, kinds: Collection[Kind]) -> Kind:
    kind = next((kind for kind in kinds if _is_one(value, kind)), None)
    if kind is None:
        raise BadEnvelope("kind")
    return kind


def _wraps(value: object) -> dict[bytes, bytes]:
    if not isinstance(value, dict):
        raise BadEnvelope("shape")
    if len(value) > MOST_WRAPS:
        raise BadEnvelope("size")
    return {_bytes(kid, KID_BYTES): _bytes(wrap, WRAP_BYTES) for kid, wrap in value.items()}


def _bytes(value: object, *lengths: int) -> bytes:
    """The bytes behind a text, of one of these lengths. A text that is far too long is not even decoded."""
    if not isinstance(value, str):
        raise BadEnvelope("shape")
    if len(value) > 2 * max(lengths):
        raise BadEnvelope("size")
    try:
        data = from_text(value)
    except ValueError as error:
        raise BadEnvelope("shape") from error
    if len(data) not in lengths:
        raise BadEnvelope("size")
    return data
