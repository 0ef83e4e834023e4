"""Split-key sessions: a row that opens nothing without its cookie, and a cookie that opens nothing without its row."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from concerns.people.duties import reading_days
from concerns.people.model import DeskSession
from concerns.sealing import passwords
from concerns.sealing.text import from_text, to_text
from concerns.store.house import House

IDLE = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=8)
SEEN_EVERY = dt.timedelta(minutes=1)  # one write a minute at most, not one a page

ID_BYTES = 16
KEY_BYTES = 32
PURPOSE = "session"
#: what a person without keys has sealed in her row: nobody can tell from the store who is a guardian
NOTHING = bytes(64)


@dataclass(frozen=True)
class Resumed:
    """Who comes back, and her 64-byte secret if she is a guardian."""

    person_id: bytes
    secret: bytes | None


def start(house: House, person_id: bytes, secret: bytes | None) -> str:
    """Begin a session; returns the cookie's value. Expired rows are swept on the way."""
    if secret is not None:
        reading_days.keep(house)
    id_, key = secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES)
    now = house.clock()
    row = DeskSession(
        id_hash=_hash(id_),
        person_id=person_id,
        sealed=passwords.seal_secret(key, secret or NOTHING, PURPOSE, _hash(id_) + person_id),
        started_at=now,
        seen_at=now,
    )
    with house.stores.write_live() as live:
        sweep(live, now)
        live.add(row)
    return to_text(id_ + key)


def resume(house: House, cookie: str) -> Resumed | None:
    """The session of a cookie; None where it is unknown, expired or altered."""
    parts = _parts(cookie)
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
    return Resumed(row.person_id, None if secret == NOTHING else secret)


def end(house: House, cookie: str) -> None:
    """Delete the session of a cookie, if there is one."""
    parts = _parts(cookie)
    if parts is not None:
        with house.stores.write_live() as live:
            live.execute(delete(DeskSession).where(DeskSession.id_hash == parts[0]))


def end_all(live: Session, person_id: bytes) -> None:
    """Delete every session of a person."""
    live.execute(delete(DeskSession).where(DeskSession.person_id == person_id))


def sweep(live: Session, now: dt.datetime) -> None:
    """Delete every expired session."""
    live.execute(
        delete(DeskSession).where(or_(DeskSession.seen_at <= now - IDLE, DeskSession.started_at <= now - LONGEST))
    )


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


def _parts(cookie: str) -> tuple[bytes, bytes] | None:
    try:
        both = from_text(cookie)
    except ValueError:
        return None
    if len(both) != ID_BYTES + KEY_BYTES:
        return None
    return _hash(both[:ID_BYTES]), both[ID_BYTES:]


def _hash(id_: bytes) -> bytes:
    return hashlib.sha256(id_).digest()
