"""What a device sealed by itself: looked over from outside, since nobody here can open it, and stored once."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.charter import service as charter_service
from concerns.flagging import queries, rules
from concerns.flagging.admission import Admission, Refused
from concerns.sealing.chain import link_hash
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.text import from_text
from concerns.sealing.threads import READ_AT_ONCE, deliver, find, load
from concerns.sealing.wire import BadEnvelope, from_wire
from concerns.store.house import House

LOOKUP_BYTES, HASH_BYTES = 16, 32
#: envelopes of one post, so that a body cannot hold a thousand
MOST = 1 + 1 + rules.MOST_PHOTOS


class SentBefore(Exception):
    """Something else is stored under this look-up or this id already; nothing was stored."""


class Unknown(Exception):
    """No thread belongs to this look-up: unknown, taken back and purged are all the same."""


@dataclass(frozen=True)
class Found:
    """A thread as its reporter's device needs it: sealed, with the weeks that stand in clear."""

    thread_id: bytes
    #: the Monday of the week of collection, None while it waits
    week: dt.date | None
    weeks: dict[bytes, dt.date]
    #: the envelopes that hold a wrap for the reporter
    rows: Sequence[Sealed]
    #: the hashes of the others, which prove that nothing between was taken out
    links: Sequence[str]
    #: how many photos are there
    photos: int


def parcel(house: House, values: object, kinds: Collection[Kind], most: int = MOST) -> list[Sealed]:
    """The envelopes of one post, in one thread of this site, each kind's number as it must be. Raises BadEnvelope."""
    if not isinstance(values, list) or not 1 <= len(values) <= most:
        raise BadEnvelope("shape")
    with house.stores.read_main() as main:
        site_id = areas_queries.organisation(main).site_id
    sealed = [from_wire(value, site_id=site_id, kinds=kinds) for value in values]
    if len({one.header.thread_id for one in sealed}) != 1 or len({one.header.envelope_id for one in sealed}) != len(
        sealed
    ):
        raise BadEnvelope("shape")
    return sealed


def tell(house: House, sealed: Sequence[Sealed], lookup_hash: bytes, admission: Callable[[], Admission]) -> None:
    """Store a flag that a device sealed, with its contact and photos.

    The same parcel again stores nothing, and is as good as the first, whatever it brings along. Raises BadEnvelope,
    SentBefore, NotOpenYet, what the admission raises, and whatever the store raises.
    """
    kinds = [one.header.kind for one in sealed]
    if kinds.count(Kind.FLAG) != 1 or kinds.count(Kind.CONTACT) != 1 or len(lookup_hash) != HASH_BYTES:
        raise BadEnvelope("shape")
    reporter = _reporter(house, sealed)
    if any(reporter not in one.wraps for one in sealed):
        raise BadEnvelope("shape")
    # the flag first: its look-up is what makes a second tap one
    ordered = sorted(sealed, key=lambda one: one.header.kind is not Kind.FLAG)
    try:
        leave = admission()
        stored = deliver(house.stores, ordered, lookup_hash, leave.tier, leave.admit)
    except Refused:
        if not _stands(house, ordered, lookup_hash):
            raise
        return
    if not stored and not _stands(house, ordered, lookup_hash):
        raise SentBefore


def look_up(house: House, lookup_hash: bytes) -> Found:
    """A reporter's thread, sealed. Raises Unknown."""
    thread_id = find(house.stores, lookup_hash)
    if thread_id is None:
        raise Unknown
    with house.stores.read_main() as main:
        site_id = areas_queries.organisation(main).site_id
        manifest = charter_service.current(main, house.directory).manifest
    rows = load(house.stores, site_id, [thread_id], (*READ_AT_ONCE, Kind.CONTACT))[thread_id]
    flag = next((one for one in rows if one.header.kind is Kind.FLAG), None)
    if flag is None:
        raise Unknown
    own = set(flag.wraps) - {guardian.kid for guardian in manifest.guardians}
    week, weeks = queries.weeks(house, thread_id)
    mine = [
        Sealed(one.header, one.commit, one.body, {kid: wrap for kid, wrap in one.wraps.items() if kid in own})
        for one in rows
        if own & set(one.wraps)
    ]
    others = [link_hash(one) for one in rows if not own & set(one.wraps)]
    return Found(thread_id, week, weeks, mine, others, queries.photos(house, thread_id))


def add(house: House, sealed: Sealed, lookup_hash: bytes, admit: Callable[[Session], None]) -> None:
    """Store a detail or a photo that a device sealed in a thread that it can find. Twice is once.

    Raises BadEnvelope, Unknown, SentBefore, what `admit` raises, and whatever the store raises.
    """
    found = look_up(house, lookup_hash)
    flag = next(one for one in found.rows if one.header.kind is Kind.FLAG)
    if sealed.header.thread_id != found.thread_id or _reporter(house, [sealed]) not in flag.wraps:
        raise BadEnvelope("shape")
    try:
        stored = deliver(house.stores, [sealed], admit=admit)
    except KeyError as error:
        raise Unknown from error
    if not stored and not _stands(house, [sealed], lookup_hash):
        raise SentBefore


def lookup_of(text: object, length: int) -> bytes:
    """A look-up token[16], or its hash[32], as it came. Raises BadEnvelope."""
    try:
        data = from_text(text if isinstance(text, str) else "")
    except ValueError as error:
        raise BadEnvelope("shape") from error
    if len(data) != length:
        raise BadEnvelope("size")
    return data


def _reporter(house: House, sealed: Sequence[Sealed]) -> bytes:
    """The one key beside all guardians' that every envelope is wrapped for. Raises BadEnvelope."""
    with house.stores.read_main() as main:
        guardians = set(charter_service.current(main, house.directory).manifest.kids.values())
    kids = {frozenset(one.wraps) for one in sealed}
    own = next(iter(kids)) - guardians
    if len(kids) != 1 or len(own) != 1 or not guardians <= next(iter(kids)):
        raise BadEnvelope("shape")
    return next(iter(own))


def _stands(house: House, sealed: Sequence[Sealed], lookup_hash: bytes) -> bool:
    """Whether exactly these envelopes are stored under this look-up."""
    thread_id = find(house.stores, lookup_hash)
    if thread_id != sealed[0].header.thread_id:
        return False
    kinds = tuple({one.header.kind for one in sealed})
    rows = load(house.stores, sealed[0].header.site_id, [thread_id], kinds)[thread_id]
    stored = {(one.header.envelope_id, one.commit) for one in rows}
    return all((one.header.envelope_id, one.commit) in stored for one in sealed)
