"""A guardian's verbs: sort a flag, answer its reporter, and make what arrived visible once a day."""

import fcntl
import hashlib
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from concerns.people.access import Visitor
from concerns.sealing import collecting, rekeying
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival, ShredKey
from concerns.sealing.proof import content_hash
from concerns.sealing.signing import sign_public
from concerns.sealing.text import canonical
from concerns.sealing.threads import deliver
from concerns.store.house import House
from concerns.triage.acting.briefs import forget_expired
from concerns.triage.bundles import Thread, Work, seal_set
from concerns.triage.noting import note_worked
from concerns.triage.reading import GUARDIANS_WRITE, Desk, Flag
from concerns.triage.seen import newer

MARK = "collected"  # holds the day of the last daily collect, in the instance's `run` folder


class Changed(Exception):
    """Somebody else wrote in this thread since the form was opened: nothing was stored."""


def record(
    house: House, desk: Desk, visitor: Visitor, flag: Flag, work: Work, item: bytes, seen: str | None = None,
    excluding: frozenset[bytes] = frozenset(),
) -> None:  # fmt: skip
    """Seal one sitting as a set of four and store it once for each form shown.

    The envelopes' ids come from the form's random item and what was written: a double tap stores one set, and an edited
    text another one. It is stored only on top of what `flag` holds, and with `seen`, what the form's page showed
    (`seen.seen`), only on top of that. Who is in `excluding` cannot open it, and stands in its status. Raises Changed,
    TooLong, KeyError where the thread was purged meanwhile, and whatever the store raises.
    """
    seed = b"concerns-triage/1" + visitor.person_id + flag.facts.thread_id + item + _written(work)

    def name(kind: Kind) -> bytes:
        return hashlib.sha256(seed + bytes([kind])).digest()[:16]

    stored = {one.header.envelope_id for one in flag.thread.rows}
    if name(Kind.TRIAGE) in stored:
        return
    own = sign_public(visitor.sign_seed)
    if seen is not None and newer(flag, own, seen):
        raise Changed
    thread = _thread(desk, flag, own, excluding)
    sealed = [one for one, _payload in seal_set(thread, visitor.sign_seed, work, house.today(), name)]
    note_worked(house, desk.charter.manifest, visitor, flag.facts.thread_id, thread.exclusions, seed)

    def still(live: Session) -> None:
        _nobody_else(live, flag, stored | {one.header.envelope_id for one in sealed})

    deliver(house.stores, sealed, admit=still)


def _thread(desk: Desk, flag: Flag, own: bytes, excluding: frozenset[bytes]) -> Thread:
    return Thread(
        site_id=desk.site_id,
        thread_id=flag.facts.thread_id,
        guardians=desk.charter.manifest.kem_publics,
        reporter=flag.thread.reporter_kem,
        turn=flag.turn,
        own=flag.own(own),
        newest_other=flag.newest_of_reporter,
        exclusions=flag.thread.exclusions | excluding,
        kids=desk.charter.manifest.kids,
        told=(flag.facts.week, content_hash(flag.thread.flag, flag.thread.reporter_sign)),
    )


def _written(work: Work) -> bytes:
    chosen = [work.primary, list(work.themes), work.area, work.harm, work.psychological, list(work.score or ())]
    texts = [work.reason, work.where, work.reply, work.note, work.looked, dict(work.act)]
    return canonical([work.step.code, *chosen]) + canonical(texts)


def _nobody_else(live: Session, flag: Flag, known: set[bytes]) -> None:
    """Raise Changed where a guardian wrote between reading the thread and this transaction."""
    # of two that save at this very moment the second waits here for the first, and then sees what she stored
    live.execute(select(ShredKey.key).where(ShredKey.thread_id == flag.facts.thread_id).with_for_update())
    kinds = [int(kind) for kind in GUARDIANS_WRITE]
    arrived = select(Arrival.id).where(Arrival.thread_id == flag.facts.thread_id, Arrival.kind.in_(kinds))
    if not known.issuperset(live.scalars(arrived)):
        raise Changed


def collected_today(house: House) -> bool:
    """Whether the daily collect has run: one small file to read, for every request."""
    try:
        mark = (house.directory / "run" / MARK).read_text().strip()
    except FileNotFoundError:
        return False
    return mark == house.today().isoformat()


def collect_if_due(house: House, desk: Desk) -> bool:
    """The daily collect, at the first request of the desk after the hour that the policy names.

    Returns whether it ran. One process does it; the others go on. It runs whether anything arrived or not: a rewrite
    that failed the day before is made good. Where the store is busy, the next request tries again.
    """
    now = house.clock()
    if now.hour < desk.charter.policy_on(now.date()).collect_hour or collected_today(house):
        return False
    folder = house.directory / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "collect.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if collected_today(house):
            return False
        try:
            collect(house, desk)
        except (collecting.StoreBusy, OperationalError):
            return False
        (folder / MARK).write_text(now.date().isoformat() + "\n")
    return True


def renew_keys(house: House) -> None:
    """After a removal: bring some more threads under their new shred keys. Where the store is busy, her next page does."""
    with suppress(OperationalError):
        rekeying.go_on(house.stores)


def collect(house: House, desk: Desk) -> None:
    """Make what arrived visible to guardians now, and delete briefs that are over. Raises StoreBusy."""
    forget_expired(house.stores, house.today())
    today = house.today()
    collecting.collect(house.stores, today, desk.charter.latest_months(today))
