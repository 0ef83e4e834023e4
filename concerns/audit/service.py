"""Enters what a staff user did, in one short transaction of its own."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from concerns.areas.model import Organisation
from concerns.audit.model import AuditRow
from concerns.audit.rules import NOTHING_BEFORE, VERBS, Entry
from concerns.sealing.box import fixed_length, seal_fixed
from concerns.sealing.text import canonical
from concerns.store.house import House

DETAIL = "audit detail"
#: bytes of a detail, before it is sealed
ROOM = 64
#: readers of the entries before there are any sealed ones
FEWEST_READERS = 2


class NotNoted(Exception):
    """The log could not take an entry: what cannot be noted is not done."""


def note(
    house: House,
    person_id: bytes,
    verb: str,
    *,
    about: str = "",
    detail: Mapping[str, Any] | None = None,
    readers: Sequence[bytes] = (),
    excluded: Collection[bytes] = (),
    once: bytes | None = None,
) -> None:
    """Enter one deed under today's date; never call it within another transaction of main. Raises NotNoted.

    `detail` is sealed to the `readers`, KEM public keys; the box looks the same for one whose key id is `excluded`.
    `once` (see `rules.once`) enters the same deed one time only.
    """
    if verb not in VERBS:
        raise ValueError(f"the log knows no {verb!r}")
    try:
        if once is not None and _stands(house, once):
            return
        sealed = None if detail is None else seal_fixed(readers, canonical(detail), DETAIL, ROOM, excluded)
        with house.stores.write_main() as main:
            _append(main, house.today(), person_id, verb, about, once, sealed)
    except SQLAlchemyError as error:
        raise NotNoted from error


def note_within(main: Session, day: dt.date, person_id: bytes, verb: str, about: str = "") -> None:
    """Enter a deed within a transaction of main that is under way, so that both happen or neither."""
    _append(main, day, person_id, verb, about, None, None)


def locked_site(main: Session) -> bytes:
    """The site's id; whoever adds to the log or signs it holds this row, one after the other."""
    return main.scalars(select(Organisation.site_id).with_for_update()).one()


def _stands(house: House, item: bytes) -> bool:
    with house.stores.read_main() as main:
        return _entered(main, item)


def _entered(main: Session, item: bytes) -> bool:
    return main.scalar(select(AuditRow.n).where(AuditRow.item == item)) is not None


def _append(
    main: Session, day: dt.date, person_id: bytes, verb: str, about: str, once: bytes | None, sealed: bytes | None
) -> None:
    site_id = locked_site(main)
    if once is not None and _entered(main, once):
        return
    newest = select(AuditRow.n, AuditRow.hash, func.length(AuditRow.detail)).order_by(AuditRow.n.desc()).limit(1)
    n, before, length = main.execute(newest).one_or_none() or (0, NOTHING_BEFORE, fixed_length(FEWEST_READERS, ROOM))
    entry = Entry(
        n=n + 1,
        day=day,
        person_id=person_id,
        verb=verb,
        about=about,
        item=once or secrets.token_bytes(32),
        # an entry without a detail is as long as the one before it
        detail=sealed if sealed is not None else secrets.token_bytes(length),
        previous=before,
    )
    main.add(AuditRow(**vars(entry), hash=entry.hash(site_id)))
