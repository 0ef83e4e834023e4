"""Split-key sessions: a row that opens nothing without its cookie, and a cookie that opens nothing without its row."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from concerns.people.duties import reading_days
from concerns.people.halves import halves_of, new_cookie
from concerns.people.model import Asked, DeskSession
from concerns.sealing import passwords
from concerns.store.claiming import touched
from concerns.store.house import House

IDLE = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=8)
FRESH = dt.timedelta(minutes=10)
SEEN_EVERY = dt.timedelta(minutes=1)  # one write a minute at most, not one a page

PURPOSE = "session"
#: what a person without keys has sealed in her row: nobody can tell from the store who is a guardian
NOTHING = bytes(64)
#: the same where the organisation's directory has just asked her for her password there
PROVEN = b"\x01" * 64


@dataclass(frozen=True)
class Resumed:
    """Who comes back, and her 64-byte secret if she is a guardian."""

    person_id: bytes
    secret: bytes | None = field(repr=False)
    #: the directory asked her anew before the session began
    proven: bool = False


@dataclass(frozen=True)
class Open:
    """One open session as its own person sees it; nothing of it tells from where."""

    #: hexadecimal; names it in a form, and opens nothing
    mark: str
    #: the full hour in which it started
    hour: dt.datetime
    own: bool


def start(house: House, person_id: bytes, secret: bytes | None, *, proven: bool = False) -> str:
    """Begin a session; returns the cookie's value. Expired rows are swept on the way.

    `proven`, of nobody who has a secret: the organisation's directory has just asked her for her password there.
    """
    if secret is not None:
        reading_days.keep(house)
    cookie, halves = new_cookie()
    now, nothing = house.clock(), PROVEN if proven else NOTHING
    row = DeskSession(
        id_hash=halves.id_hash,
        person_id=person_id,
        sealed=passwords.seal_secret(halves.key, secret or nothing, PURPOSE, halves.id_hash + person_id),
        started_at=now,
        seen_at=now,
    )
    with house.stores.write_live() as live:
        sweep(live, now)
        live.add(row)
    return cookie


def resume(house: House, cookie: str) -> Resumed | None:
    """The session of a cookie; None where it is unknown, expired or altered."""
    parts = halves_of(cookie)
    if parts is None:
        return None
    id_hash, key = parts
    with house.stores.read_live() as live:
        row = live.get(DeskSession, id_hash)
    if row is None:
        return None
    now = house.clock()
    if _expired(row, now):
        end(house, cookie)
        return None
    try:
        secret = passwords.open_secret(key, row.sealed, PURPOSE, id_hash + row.person_id)
    except passwords.WrongKey:
        return None
    if now - utc(row.seen_at) >= SEEN_EVERY:
        _touch(house, id_hash, now)
    return Resumed(row.person_id, None if secret in (NOTHING, PROVEN) else secret, secret == PROVEN)


def end(house: House, cookie: str) -> None:
    """Delete the session of a cookie, if there is one."""
    parts = halves_of(cookie)
    if parts is not None:
        with house.stores.write_live() as live:
            live.execute(delete(DeskSession).where(DeskSession.id_hash == parts[0]))


def mark_of(cookie: str) -> str:
    """What names the session of a cookie and opens nothing; empty for no cookie."""
    parts = halves_of(cookie)
    return parts.id_hash.hex() if parts is not None else ""


def end_marked(house: House, mark: str) -> None:
    """Delete the session that has this mark, if there is one."""
    if mark:
        with house.stores.write_live() as live:
            live.execute(delete(DeskSession).where(DeskSession.id_hash == bytes.fromhex(mark)))


def end_all(live: Session, person_id: bytes) -> None:
    """Delete every session of a person."""
    live.execute(delete(DeskSession).where(DeskSession.person_id == person_id))


def open_ones(house: House, person_id: bytes, cookie: str) -> list[Open]:
    """Her open sessions, the one of the cookie first, then the newest."""
    own = halves_of(cookie)
    with house.stores.read_live() as live:
        rows = [row for row in live.scalars(_of(person_id)) if not _expired(row, house.clock())]
    rows.sort(key=lambda row: row.started_at, reverse=True)
    found = [
        Open(
            row.id_hash.hex(),
            utc(row.started_at).replace(minute=0, second=0, microsecond=0),
            own is not None and row.id_hash == own[0],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.own)


def are_open(house: House, person_id: bytes) -> bool:
    """Whether a person has any session: all that an admin is told."""
    now = house.clock()
    with house.stores.read_live() as live:
        return any(not _expired(row, now) for row in live.scalars(_of(person_id)))


def is_proven(house: House, person_id: bytes, cookie: str) -> bool:
    """Whether the session of a cookie is hers, and began a few minutes ago because the directory had asked her anew."""
    found, parts = resume(house, cookie), halves_of(cookie)
    if found is None or parts is None or not found.proven or found.person_id != person_id:
        return False
    with house.stores.read_live() as live:
        row = live.get(DeskSession, parts.id_hash)
    return row is not None and house.clock() - utc(row.started_at) < FRESH


def end_one(house: House, person_id: bytes, mark: str) -> bool:
    """End one of her sessions at once; False where she has no such session."""
    try:
        id_hash = bytes.fromhex(mark)
    except ValueError:
        return False
    ended = delete(DeskSession).where(DeskSession.id_hash == id_hash, DeskSession.person_id == person_id)
    with house.stores.write_live() as live:
        return bool(touched(live, ended))


def end_others(house: House, person_id: bytes, cookie: str) -> int:
    """End every session of hers but the one of the cookie; returns how many."""
    own = halves_of(cookie)
    ended = delete(DeskSession).where(DeskSession.person_id == person_id)
    if own is not None:
        ended = ended.where(DeskSession.id_hash != own[0])
    with house.stores.write_live() as live:
        return touched(live, ended)


def sweep(live: Session, now: dt.datetime) -> None:
    """Delete every expired session, and every question that nobody answered in time: it may hold a guardian's secret."""
    live.execute(
        delete(DeskSession).where(or_(DeskSession.seen_at <= now - IDLE, DeskSession.started_at <= now - LONGEST))
    )
    live.execute(delete(Asked).where(Asked.expires_at <= now))


def _of(person_id: bytes) -> Select[DeskSession]:
    return select(DeskSession).where(DeskSession.person_id == person_id)


def _touch(house: House, id_hash: bytes, now: dt.datetime) -> None:
    with house.stores.write_live() as live:
        row = live.get(DeskSession, id_hash)
        if row is not None:
            row.seen_at = now


def _expired(row: DeskSession, now: dt.datetime) -> bool:
    return now - utc(row.seen_at) >= IDLE or now - utc(row.started_at) >= LONGEST


def utc(moment: dt.datetime) -> dt.datetime:
    """SQLite gives back what was stored without its zone; everything stored is UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
