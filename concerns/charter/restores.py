"""After an instance was put back from a copy in another place: it stays shut until two guardians have agreed, and says so.

What follows from it is a chain of its own beside manifest and policy, and a file in the instance's folder.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from concerns.charter import pins
from concerns.charter.manifest import GuardianKey, document_hash
from concerns.charter.model import CharterPage
from concerns.charter.service import GONE, add_signature, as_page, first_rows, shut_by, stored_pages, walked
from concerns.charter.steps import check_signer
from concerns.charter.walking import LEAST_GUARDIANS, RESTORE, CharterRefused, Page, restore_days, signers
from concerns.sealing.text import canonical, to_text


@dataclass(frozen=True)
class Waiting:
    """A restore that too few guardians have agreed to."""

    day: dt.date
    #: the day of the copy
    copied_on: dt.date
    signed: tuple[GuardianKey, ...]
    #: the hash of the document: what a button names
    hash: str


def shut(main: Session, directory: Path, site_id: bytes, copied_on: dt.date, today: dt.date) -> None:
    """Draft what two guardians have to sign, and shut the service until then."""
    newest = main.scalar(select(func.max(CharterPage.version)).where(CharterPage.chain == RESTORE)) or 0
    document = canonical(
        {
            "chain": RESTORE,
            "version": newest + 1,
            "site": to_text(site_id),
            "day": today.isoformat(),
            "copied_on": copied_on.isoformat(),
        }
    )
    main.add(CharterPage(chain=RESTORE, version=newest + 1, document=document, signatures={}))
    main.flush()
    pins.write_shut(directory, document_hash(document))


def waiting(main: Session, directory: Path) -> Waiting | None:
    """The restore that shuts the service; None where there is none. Raises NotOpenYet or CharterRefused."""
    charter, pages = walked(main, directory), stored_pages(main)
    wanted = shut_by(pages, directory, charter)
    if wanted is None:
        return None
    page = _page(pages, wanted)
    day, copied_on = restore_days(page)
    return Waiting(day, copied_on, tuple(signers(page, charter.manifest)), wanted)


def agree(main: Session, directory: Path, document: str, guardian: GuardianKey, sign_seed: bytes) -> bool:
    """A guardian agrees that the service opens again; returns whether it is open now. Raises CharterRefused."""
    first_rows(main, lock=True)  # two who agree at once wait for each other: no signature is lost
    found = waiting(main, directory)
    charter = walked(main, directory)
    if found is None or found.hash != document:
        raise CharterRefused(GONE)
    check_signer(charter, guardian, sign_seed)
    row = next(
        row
        for row in main.scalars(select(CharterPage).where(CharterPage.chain == RESTORE))
        if document_hash(row.document) == document
    )
    add_signature(row, guardian, sign_seed)
    main.flush()
    return len(signers(as_page(row), charter.manifest)) >= LEAST_GUARDIANS


def _page(pages: Iterable[Page], wanted: str) -> Page:
    for page in pages:
        if page.chain == RESTORE and document_hash(page.document) == wanted:
            return page
    raise CharterRefused("the database no longer says that it was put back from a copy")
