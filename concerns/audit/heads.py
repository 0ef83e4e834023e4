"""A guardian's signature under the log: it is renewed at each sign-in, and never put under a log that lost her last one."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.audit.model import AuditHead, AuditRow
from concerns.audit.rules import NOTHING_BEFORE, Head
from concerns.audit.service import NotNoted, locked_site
from concerns.audit.sites import sites
from concerns.sealing import signing
from concerns.store.house import House


def sign(house: House, person_id: bytes, sign_seed: bytes, earlier: Collection[bytes] = ()) -> bool:
    """Sign the newest entry with her Ed25519 seed; `earlier` are public keys that she had before. Raises NotNoted.

    Returns whether the log still holds what she signed last; where it does not, her old signature stays.
    """
    try:
        with house.stores.write_main() as main:
            return _sign(main, house.today(), person_id, sign_seed, earlier)
    except SQLAlchemyError as error:
        raise NotNoted from error


def standing(
    main: Session, person_id: bytes, sign_seed: bytes, earlier: Collection[bytes] = ()
) -> tuple[Head, bool] | None:
    """What a guardian signed last, and whether the log still holds it; None before her first signature."""
    row = main.get(AuditHead, person_id)
    if row is None:
        return None
    return head_of(row), _holds(main, row, organisation(main).site_id, (signing.sign_public(sign_seed), *earlier))


def head_of(row: AuditHead) -> Head:
    return Head(row.person_id, row.n, row.hash, row.day, row.since)


def _sign(main: Session, today: dt.date, person_id: bytes, sign_seed: bytes, earlier: Collection[bytes]) -> bool:
    site_id = locked_site(main)
    row = main.get(AuditHead, person_id)
    if row is not None and not _holds(main, row, site_id, (signing.sign_public(sign_seed), *earlier)):
        return False
    newest = main.execute(select(AuditRow.n, AuditRow.hash).order_by(AuditRow.n.desc()).limit(1)).one_or_none()
    n, covered = newest or (0, NOTHING_BEFORE)
    head = Head(person_id, n, covered, today, today if row is None else row.since)
    main.merge(AuditHead(**vars(head), signature=signing.sign(sign_seed, head.signed_bytes(site_id))))
    return True


def is_signed(row: AuditHead, site_ids: Collection[bytes], keys: Collection[bytes]) -> bool:
    """Whether one of these keys signed it, under the site of today or one before a launch."""
    messages = [head_of(row).signed_bytes(site_id) for site_id in site_ids]
    return any(signing.verify(key, message, row.signature) for key in keys for message in messages)


def _holds(main: Session, row: AuditHead, site_id: bytes, keys: Collection[bytes]) -> bool:
    """Whether her signature is good and the entry it names is still the same."""
    if not is_signed(row, sites(main, site_id).all, keys):
        return False
    stored = main.scalar(select(AuditRow.hash).where(AuditRow.n == row.n))
    return (NOTHING_BEFORE if stored is None and row.n == 0 else stored) == row.hash
