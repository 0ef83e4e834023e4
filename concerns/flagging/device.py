"""What a device with script talks to: keys and work come out, sealed envelopes go in. No word of a reporter comes here."""

import gc
import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from concerns.areas import queries as areas_queries
from concerns.charter import service as charter_service
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.flagging import codes, parcels
from concerns.flagging.admission import Admission, CodeNeeded, CodeRefused, Refused, TooMany, WorkRefused, gate
from concerns.pages.requests import json_body
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.text import to_text
from concerns.sealing.threads import take_back as forget
from concerns.sealing.wire import BadEnvelope, to_wire
from concerns.store.house import house

#: a flag, its contact and three photos, as base64url
BODY_LIMIT = 2_600_000


class NoPhotos(Refused):
    """A photo came to an organisation that takes none, from a page that is older than that choice."""


#: what the page is told, and with which status; the first that fits
REFUSALS: dict[type[Exception], tuple[str, int]] = {
    NoPhotos: ("photos", 409),
    parcels.SentBefore: ("sent-before", 409),
    WorkRefused: ("work", 403),
    CodeNeeded: ("code-needed", 403),
    CodeRefused: ("code", 403),
    TooMany: ("too-many", 429),
    Refused: ("enough", 429),
    NotOpenYet: ("closed", 503),
    CharterRefused: ("closed", 503),
}

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def keys() -> ResponseReturnValue:
    """Whom to seal for, and a proof of work to begin with.

    The first document is the one whose hash is the check code; the device follows the signatures from there.
    """
    try:
        with house().stores.read_main() as main:
            charter = charter_service.current(main, house().directory)
            site_id = areas_queries.organisation(main).site_id
    except (NotOpenYet, CharterRefused):
        return _refused("closed", 503)
    chain = [{"document": page.document.decode(), "signatures": dict(page.signatures)} for page in charter.pages]
    return jsonify(site=to_text(site_id), manifests=chain, challenge=gate().challenge())


def answering(function: Answer) -> Callable[[], ResponseReturnValue]:
    """A view for one kind of post: every refusal is a word that the page has a sentence for."""

    @wraps(function)
    def view() -> ResponseReturnValue:
        body = json_body(BODY_LIMIT)
        try:
            return jsonify(function(body if isinstance(body, dict) else {}))
        except parcels.Unknown:
            return jsonify(found=False)
        except Exception as error:  # noqa: BLE001 - the device keeps the text and tries again; nothing may reach a log
            gc.collect()
            until = getattr(error, "until", None)
            return _refused(*_in_a_word(error), until=until.isoformat() if until else "")

    return view


def _in_a_word(error: Exception) -> tuple[str, int]:
    if isinstance(error, BadEnvelope):
        return f"envelope-{error.why}", 400
    return next((said for kind, said in REFUSALS.items() if isinstance(error, kind)), ("broken", 503))


@answering
def tell(body: dict[str, Any]) -> dict[str, Any]:
    """Store a flag with its contact and photos, against a proof of work or a staff code."""
    sealed = parcels.parcel(house(), body.get("sealed"), (Kind.FLAG, Kind.CONTACT, Kind.FILE))
    lookup_hash = parcels.lookup_of(body.get("lookup"), parcels.HASH_BYTES)
    code = _code(body.get("code", ""))
    with house().stores.read_main() as main:
        codes_only = areas_queries.organisation(main).access == "codes"

    def leave() -> Admission:
        _check_photos(sealed)
        return gate().by_work(body.get("work"), code, codes_only)

    parcels.tell(house(), sealed, lookup_hash, leave)
    return {"stored": True}


@answering
def look(body: dict[str, Any]) -> dict[str, Any]:
    """A thread, sealed, for the device that holds its receipt. Nothing is written down."""
    gate().look()
    found = parcels.look_up(house(), _lookup_hash(body))
    today = house().today()
    with house().stores.read_main() as main:
        charter = charter_service.current(main, house().directory)
    clocks = charter.policy_on(found.week or today).clocks
    return {
        "found": True,
        "thread": to_text(found.thread_id),
        "week": found.week.isoformat() if found.week else None,
        "weeks": {to_text(own): week.isoformat() for own, week in found.weeks.items()},
        "sealed": [to_wire(one) for one in found.rows],
        "links": list(found.links),
        "photos": found.photos,
        "today": today.isoformat(),
        "clocks": dict(clocks),
    }


@answering
def add(body: dict[str, Any]) -> dict[str, Any]:
    """Store one thing that a reporter adds: a detail, or a photo."""
    gate().look()
    (sealed,) = parcels.parcel(house(), body.get("sealed"), (Kind.DETAIL, Kind.FILE), most=1)
    _check_photos([sealed])
    room = gate().room_in(sealed.header.thread_id, sealed.header.kind)
    parcels.add(house(), sealed, _lookup_hash(body), room)
    return {"found": True, "stored": True}


@answering
def take_back(body: dict[str, Any]) -> dict[str, Any]:
    """Destroy a thread, at the next collecting; from now on nobody finds it."""
    gate().look()
    forget(house().stores, parcels.look_up(house(), _lookup_hash(body)).thread_id)
    return {"found": True, "gone": True}


def _check_photos(sealed: Sequence[Sealed]) -> None:
    """Raise NoPhotos where one of these is a photo, and the signed form asks for none; NotOpenYet or CharterRefused."""
    if all(one.header.kind is not Kind.FILE for one in sealed):
        return
    with house().stores.read_main() as main:
        rules = charter_service.current(main, house().directory).policy_on(house().today())
    if not rules.questions.asks("photos"):
        raise NoPhotos


def _code(typed: object) -> str:
    """The staff code that was typed, empty where none was. Raises BadEnvelope or CodeRefused."""
    if not isinstance(typed, str):
        raise BadEnvelope("shape")
    code = codes.read_code(typed.strip()) or ""
    if not code and typed.strip():
        raise CodeRefused
    return code


def _lookup_hash(body: dict[str, Any]) -> bytes:
    return hashlib.sha256(parcels.lookup_of(body.get("lookup"), parcels.LOOKUP_BYTES)).digest()


def _refused(why: str, status: int, **more: str) -> Response:
    answer = jsonify(refused=why, **more)
    answer.status_code = status
    return answer
