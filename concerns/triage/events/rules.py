"""What an event is: an id and the place in a table that every telling's own record names, and how one joins or leaves it.

Tellings that name the same id under another theme or area are another event. So whatever stands in the records, one
flag more or less changes one number by one at most: no record of one flag moves what the others count as.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from concerns.sealing.saying import said

LINK, UNLINK = "link", "unlink"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Event:
    """Several tellings of one thing. Its theme and area were fixed when two of them were first linked."""

    #: in hex; whoever could not open its first two tellings cannot guess it
    id: str
    #: a theme's code
    primary: str | None
    #: an area's code
    area: str | None

    @property
    def key(self) -> bytes:
        """What the tellings of one event have in common, and no others."""
        return json.dumps([self.id, self.primary, self.area]).encode()


def event_id(one: bytes, other: bytes) -> str:
    """The id of the event that two tellings begin, by the reporters' own keys, which stand inside the sealed flags.

    Whichever of the two a guardian links with the other, and were two guardians to do it at once, it is the same event.
    """
    return hashlib.sha256(b"concerns-event/1" + min(one, other) + max(one, other)).hexdigest()[:32]


def linked(event: Event, instead: Event | None = None) -> dict[str, Any]:
    """The act by which a telling joins an event; `instead` is one in which it was left alone."""
    left = {"instead": instead.id} if instead else {}
    return {"do": LINK, "event": event.id, "primary": event.primary, "area": event.area, **left}


def unlinked(event: Event) -> dict[str, Any]:
    """The act by which a telling leaves its event."""
    return {"do": UNLINK, "event": event.id}


def event_in(acts: Iterable[Mapping[str, Any]]) -> Event | None:
    """The event that a telling belongs to, by the acts in its thread, in their order.

    The first link holds until it is undone: another one, made at the same time by somebody else, moves nothing.
    """
    found: Event | None = None
    for act in acts:
        if said(act, "do") == LINK and _ID.fullmatch(said(act, "event")):
            if found is None or said(act, "instead") == found.id:
                found = Event(said(act, "event"), said(act, "primary") or None, said(act, "area") or None)
        elif found is not None and said(act, "do") == UNLINK and said(act, "event") == found.id:
            found = None
    return found
