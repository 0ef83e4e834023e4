"""Reading everybody's entries takes two people: one asks and says why, a guardian agrees when she next comes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from concerns.audit import service
from concerns.audit.model import AuditRequest
from concerns.audit.rules import DAYS_TO_AGREE, DAYS_TO_READ, last_day_to_agree, last_day_to_read
from concerns.sealing.box import BoxRefused, open_fixed, seal_fixed
from concerns.sealing.keys import Holder
from concerns.store.claiming import touched
from concerns.store.house import House

PURPOSE = "audit request"
#: bytes of a reason
ROOM = 1000


class RequestRefused(Exception):
    """It cannot be asked or agreed; the text says why."""


@dataclass(frozen=True)
class Request:
    """A request that waits."""

    id: bytes
    person_id: bytes
    day: dt.date
    #: the last day on which somebody may agree
    until: dt.date
    #: empty where this reader cannot open it
    reason: str


def ask(house: House, person_id: bytes, reason: str, guardians: Sequence[bytes]) -> None:
    """Ask, with the reason sealed to the guardians' KEM public keys. Raises RequestRefused or NotNoted."""
    with house.stores.read_main() as main:
        if any(one.person_id == person_id for one in _waiting(main, house.today())):
            raise RequestRefused("You have asked already. A guardian has yet to agree.")
    service.note(house, person_id, "asked")
    sealed = seal_fixed(guardians, reason.encode(), PURPOSE, ROOM)
    with house.stores.write_main() as main:
        main.add(AuditRequest(person_id=person_id, day=house.today(), reason=sealed))


def agree(house: House, person_id: bytes, request_id: bytes) -> None:
    """A guardian agrees to another person's request. Raises RequestRefused or NotNoted."""
    with house.stores.read_main() as main:
        if not any(one.id == request_id and one.person_id != person_id for one in _waiting(main, house.today())):
            raise RequestRefused("This request no longer waits for you.")
    service.note(house, person_id, "agreed")
    waits = (AuditRequest.id == request_id, AuditRequest.agreed_by.is_(None), AuditRequest.person_id != person_id)
    claim = update(AuditRequest).where(*waits).values(agreed_by=person_id, agreed_on=house.today())
    with house.stores.write_main() as main:
        # of two guardians who agree at once, the store lets one have it
        if touched(main, claim) != 1:
            raise RequestRefused("This request no longer waits for you.")


def waiting(main: Session, today: dt.date, kem_seed: bytes | None) -> list[Request]:
    """The requests that wait for a second person, oldest first, with the reasons that this seed opens."""
    holder = None if kem_seed is None else Holder(kem_seed)
    return [
        Request(one.id, one.person_id, one.day, last_day_to_agree(one.day), _reason(holder, one.reason))
        for one in _waiting(main, today)
    ]


def waits_for(main: Session, today: dt.date, person_id: bytes) -> bool:
    """Whether somebody else's request waits for this guardian."""
    return any(one.person_id != person_id for one in _waiting(main, today))


def may_read_until(main: Session, today: dt.date, person_id: bytes) -> dt.date | None:
    """The last day on which this person may read everybody's entries; None where she may not."""
    own = or_(AuditRequest.person_id == person_id, AuditRequest.agreed_by == person_id)
    agreed = select(AuditRequest.agreed_on).where(
        own, AuditRequest.agreed_on >= today - dt.timedelta(days=DAYS_TO_READ)
    )
    newest = main.scalar(agreed.order_by(AuditRequest.agreed_on.desc()).limit(1))
    return None if newest is None else last_day_to_read(newest)


def _waiting(main: Session, today: dt.date) -> Sequence[AuditRequest]:
    # each person has one at most, so that they are few
    in_time = AuditRequest.day >= today - dt.timedelta(days=DAYS_TO_AGREE)
    rows = select(AuditRequest).where(AuditRequest.agreed_by.is_(None), in_time)
    return main.scalars(rows.order_by(AuditRequest.day, AuditRequest.id)).all()


def _reason(holder: Holder | None, sealed: bytes) -> str:
    if holder is None:
        return ""
    try:
        return open_fixed(holder, sealed, PURPOSE).decode(errors="replace")
    except BoxRefused:
        return ""
