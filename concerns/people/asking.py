"""What a browser was asked and must answer within minutes: a row that opens nothing without the cookie, used once."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from concerns.people.halves import halves_of, new_cookie
from concerns.people.model import Asked
from concerns.people.sessions import sweep, utc
from concerns.sealing import passwords
from concerns.store.claiming import touched
from concerns.store.house import House

#: a passkey at the door, a new passkey, a way through the organisation's directory
PASSKEY_IN, PASSKEY_ADD, OUTSIDE = "passkey-in", "passkey-add", "outside"
LASTS = {
    PASSKEY_IN: dt.timedelta(minutes=5),
    PASSKEY_ADD: dt.timedelta(minutes=5),
    OUTSIDE: dt.timedelta(minutes=10),
}
#: open questions of one kind: strangers can begin a way through the directory
MOST = 2000


class TooManyAsked(Exception):
    """So many questions are open that a further one would only fill the store."""


def ask(house: House, kind: str, facts: Mapping[str, Any]) -> str:
    """Keep the facts for the answer; returns what the cookie holds. Raises TooManyAsked."""
    cookie, halves = new_cookie()
    row = Asked(
        id_hash=halves.id_hash,
        kind=kind,
        sealed=passwords.seal_secret(halves.key, json.dumps(dict(facts)).encode(), kind, halves.id_hash),
        expires_at=house.clock() + LASTS[kind],
    )
    with house.stores.write_live() as live:
        sweep(live, house.clock())
        if (live.scalar(select(func.count()).select_from(Asked).where(Asked.kind == kind)) or 0) >= MOST:
            raise TooManyAsked
        live.add(row)
    return cookie


def asked(house: House, kind: str, cookie: str) -> dict[str, Any] | None:
    """The facts of an open question; None where it is unknown, answered, of another kind or too old."""
    parts = halves_of(cookie)
    if parts is None:
        return None
    with house.stores.read_live() as live:
        row = live.get(Asked, parts[0])
    if row is None or row.kind != kind or utc(row.expires_at) <= house.clock():
        return None
    try:
        opened = passwords.open_secret(parts[1], row.sealed, kind, parts[0])
    except passwords.WrongKey:
        return None
    facts: dict[str, Any] = json.loads(opened)
    return facts


def answer(house: House, kind: str, cookie: str) -> dict[str, Any] | None:
    """The facts once, for the answer: of two answers the store lets one have them."""
    facts, parts = asked(house, kind, cookie), halves_of(cookie)
    if facts is None or parts is None:
        return None
    with house.stores.write_live() as live:
        return facts if touched(live, delete(Asked).where(Asked.id_hash == parts[0])) == 1 else None
