"""Later versions of the policy: an admin drafts one, two guardians sign it within 21 days, and any of them may stop it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from concerns.charter import loosening, versions
from concerns.charter.loosening import Change
from concerns.charter.manifest import GuardianKey
from concerns.charter.model import CharterPage
from concerns.charter.policy import Policy, PolicyRefused, PolicyStep, write_change
from concerns.charter.service import GONE, as_page, current, first_rows, sign_too
from concerns.charter.steps import check_signer
from concerns.charter.versions import DAYS_TO_SIGN, Version
from concerns.charter.walking import Charter, CharterRefused, signers
from concerns.sealing.text import to_text


@dataclass(frozen=True)
class Draft:
    """A version that too few guardians have signed."""

    #: in force now
    before: Version
    after: Version
    signed: tuple[GuardianKey, ...]
    #: the last day on which the second guardian may sign
    until: dt.date
    #: signed versions that have not begun, and that this one would replace
    replaces: tuple[Version, ...] = ()

    @property
    def hash(self) -> str:
        """What a button names, so that nobody signs another draft than she read."""
        return self.after.hash

    @property
    def first_day(self) -> dt.date:
        return self.after.first_day or self.until

    @property
    def changes(self) -> tuple[Change, ...]:
        return loosening.changes(self.before.policy, self.after.policy)


def waiting(main: Session, directory: Path, today: dt.date) -> Draft | None:
    """The draft that waits for signatures; None where there is none, or its time is over.

    Whatever else stands there counts for nothing. Raises NotOpenYet or CharterRefused.
    """
    charter = current(main, directory)
    row = main.get(CharterPage, ("policy", charter.policies[-1].number + 1))
    return None if row is None else _draft(charter, row, today)


def newest(main: Session, directory: Path, today: dt.date) -> Policy:
    """What a change starts from: the draft that waits, or the newest signed version. Raises NotOpenYet or CharterRefused."""
    found = waiting(main, directory, today)
    return found.after.policy if found else current(main, directory).policies[-1].policy


def draft(main: Session, directory: Path, site_id: bytes, policy: Policy, today: dt.date) -> Draft:
    """Put up the next version for signing. What waited before it is gone, with its signatures.

    Raises NotOpenYet or CharterRefused.
    """
    first_rows(main, lock=True)
    charter = current(main, directory)
    last = charter.policies[-1]
    if wrong := loosening.faults(policy):
        raise CharterRefused(next(iter(wrong.values())))
    if sentence := loosening.asked_wrongly(policy.questions):
        raise CharterRefused(sentence)
    if policy == last.policy:
        raise CharterRefused("nothing changes")
    day = max(today, last.day or today)
    step = PolicyStep(
        last.number + 1, last.hash, day, versions.first_day(charter.policies, policy, day), charter.place.hash
    )
    row = main.get(CharterPage, ("policy", step.version))
    if row is None:
        row = CharterPage(chain="policy", version=step.version)
        main.add(row)
    row.document, row.signatures = write_change(policy, step, to_text(site_id)), {}
    main.flush()
    found = _draft(charter, row, today)
    if found is None:
        raise CharterRefused("this cannot be signed")
    return found


def agree(
    main: Session, directory: Path, document: str, guardian: GuardianKey, sign_seed: bytes, today: dt.date
) -> Charter:
    """A guardian signs the draft that has this hash; returns the charter that follows.

    The caller remembers its policy with `pins.remember` once this is committed. Raises NotOpenYet or CharterRefused.
    """
    first_rows(main, lock=True)
    charter = current(main, directory)
    check_signer(charter, guardian, sign_seed)
    found = _wanted(main, directory, document, today)
    return sign_too(main, directory, ("policy", found.after.number), found.signed, guardian, sign_seed)


def withdraw(main: Session, directory: Path, document: str, person_id: bytes, today: dt.date) -> None:
    """A guardian stops the draft that has this hash. Raises NotOpenYet or CharterRefused."""
    first_rows(main, lock=True)
    found = _wanted(main, directory, document, today)
    if current(main, directory).manifest.by_person(person_id) is None:
        raise CharterRefused(GONE)
    main.delete(main.get_one(CharterPage, ("policy", found.after.number)))


def _wanted(main: Session, directory: Path, document: str, today: dt.date) -> Draft:
    found = waiting(main, directory, today)
    if found is None or found.hash != document:
        raise CharterRefused(GONE)
    return found


def _draft(charter: Charter, row: CharterPage, today: dt.date) -> Draft | None:
    try:
        page = as_page(row)
        signed = tuple(signers(page, charter.manifest))
        persons = frozenset(one.person_id for one in signed)
        after = versions.follow(charter.policies, charter.place.hash, page.document, persons)
    except (CharterRefused, PolicyRefused):
        return None
    until = (after.day or today) + dt.timedelta(days=DAYS_TO_SIGN)
    if today > until:
        return None
    replaced = [one for one in versions.to_come(charter.policies, today) if not _stays(charter, one, after)]
    return Draft(versions.on(charter.policies, today), after, signed, until, tuple(replaced))


def _stays(charter: Charter, announced: Version, after: Version) -> bool:
    """Whether a version that has not begun is in force for a while before the next one."""
    begins = announced.first_day
    return begins is not None and versions.on([*charter.policies, after], begins) is announced
