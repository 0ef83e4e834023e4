"""A reporter's photo, opened when a guardian asks for it, and shown only if it is what it says it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from concerns.people.access import Visitor
from concerns.sealing.envelope import Kind, NotForThisKey, Tampered, open_for
from concerns.sealing.keys import Holder
from concerns.sealing.opening import load_one
from concerns.sealing.saying import said
from concerns.sealing.text import from_text
from concerns.store.house import House
from concerns.triage.reading import Desk, Flag

#: how each kind of image begins; nothing else is ever shown
BEGINNINGS: Mapping[str, bytes] = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Photo:
    """An image as it is sent to the browser."""

    type: str
    data: bytes


class NoPhoto(Exception):
    """There is no such file in this thread, or none that this guardian can open."""


class NotAnImage(Exception):
    """The file is not what it says it is: it is not shown."""


def open_photo(house: House, desk: Desk, visitor: Visitor, flag: Flag, envelope_id: bytes) -> Photo:
    """One photo of a flag that this guardian has open. Raises NoPhoto or NotAnImage."""
    holder = Holder(visitor.kem_seed)
    sealed = load_one(house.stores, desk.site_id, flag.facts.thread_id, envelope_id, holder.kid)
    if sealed is None or sealed.header.kind is not Kind.FILE:
        raise NoPhoto
    try:
        payload = open_for(sealed, holder)
    except (NotForThisKey, Tampered) as error:
        raise NoPhoto from error
    try:
        kind, data = said(payload, "type"), from_text(said(payload, "data"))
    except ValueError as error:
        raise NotAnImage from error
    if kind not in BEGINNINGS or not data.startswith(BEGINNINGS[kind]):
        raise NotAnImage
    return Photo(kind, data)
