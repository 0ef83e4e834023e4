"""Briefs behind a link: sealed under the link's own token, so that the server at rest can read none, and soon gone."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import delete

from concerns.sealing.passwords import WrongKey, open_secret, seal_secret
from concerns.sealing.text import canonical, from_text, to_text
from concerns.store.inserting import insert_new
from concerns.store.session import Stores
from concerns.triage.model import Brief

_PURPOSE = "brief"
#: every sealed brief has this size before sealing: JSON may end in spaces
_SIZE = 16_384


@dataclass(frozen=True)
class Link:
    """What a brief is found and opened by."""

    token: bytes

    @property
    def text(self) -> str:
        """As it stands in the address."""
        return to_text(self.token)

    @property
    def mark(self) -> bytes:
        """What the store finds it by; the token does not follow from it."""
        return hashlib.sha256(b"concerns-brief/1 mark" + self.token).digest()

    @property
    def key(self) -> bytes:
        return hashlib.sha256(b"concerns-brief/1 key" + self.token).digest()


@dataclass(frozen=True)
class Shown:
    """A brief as its owner reads it."""

    text: str
    until: dt.date


def link_for(sign_seed: bytes, item: bytes) -> Link:
    """The link of one form shown to one guardian: a double tap makes one link."""
    return Link(hashlib.sha256(b"concerns-brief/1 token" + sign_seed + item).digest())


def put(stores: Stores, link: Link, text: str, until: dt.date) -> None:
    """Store a brief until its last day; once, however often it is asked for."""
    padded = canonical({"text": text}).ljust(_SIZE)
    sealed = seal_secret(link.key, padded, _PURPOSE, link.mark)
    with stores.write_live() as live:
        insert_new(live, Brief, {"mark": link.mark, "sealed": sealed, "expires_on": until})


def read(stores: Stores, token: str, today: dt.date) -> Shown | None:
    """The brief behind a link; None for one that never was, was taken back or is over: the answer is the same."""
    try:
        link = Link(from_text(token))
    except ValueError:
        return None
    with stores.read_live() as live:
        row = live.get(Brief, link.mark)
    if row is None:
        return None
    if row.expires_on < today:
        forget_expired(stores, today)
        return None
    try:
        opened = json.loads(open_secret(link.key, row.sealed, _PURPOSE, link.mark))
    except WrongKey:
        return None
    return Shown(opened["text"], row.expires_on)


def take_back(stores: Stores, mark: bytes) -> None:
    """The link works no more."""
    with stores.write_live() as live:
        live.execute(delete(Brief).where(Brief.mark == mark))


def forget_expired(stores: Stores, today: dt.date) -> None:
    """Delete what is over."""
    with stores.write_live() as live:
        live.execute(delete(Brief).where(Brief.expires_on < today))
