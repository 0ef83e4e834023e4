"""A guardian's verbs: sort a flag, answer its reporter, and make what arrived visible once a day."""

import fcntl
import hashlib

from sqlalchemy.exc import OperationalError

from concerns.people.access import Visitor
from concerns.sealing import collecting
from concerns.sealing.envelope import Kind
from concerns.sealing.proof import content_hash
from concerns.sealing.signing import sign_public
from concerns.sealing.text import canonical
from concerns.sealing.threads import deliver
from concerns.store.house import House
from concerns.triage.bundles import Thread, Work, seal_set
from concerns.triage.reading import Desk, Flag

MARK = "collected"  # holds the day of the last daily collect, in the instance's `run` folder


def record(house: House, desk: Desk, visitor: Visitor, flag: Flag, work: Work, item: bytes) -> None:
    """Seal one sitting as a set of four and store it once for each form shown.

    The envelopes' ids come from the form's random item and what was written: a double tap stores one set, and an edited
    text another one. Raises TooLong, KeyError where the thread was purged meanwhile, and whatever the store raises.
    """
    written = canonical([work.step.code, work.primary, list(work.themes), work.area, work.harm, list(work.score or ())])
    texts = canonical([work.reason, work.reply, work.note, work.looked, dict(work.act)])
    seed = b"concerns-triage/1" + visitor.person_id + flag.facts.thread_id + item + written + texts

    def name(kind: Kind) -> bytes:
        return hashlib.sha256(seed + bytes([kind])).digest()[:16]

    stored = {one.header.envelope_id for one in flag.thread.rows}
    if name(Kind.TRIAGE) in stored:
        return
    thread = Thread(
        site_id=desk.site_id,
        thread_id=flag.facts.thread_id,
        guardians=desk.charter.manifest.kem_publics,
        reporter=flag.thread.reporter_kem,
        turn=flag.turn,
        own=flag.own(sign_public(visitor.sign_seed)),
        newest_other=flag.newest_of_reporter,
        exclusions=flag.thread.exclusions,
        kids=desk.charter.manifest.kids,
        told=(flag.facts.week, content_hash(flag.thread.flag, flag.thread.reporter_sign)),
    )
    sealed = seal_set(thread, visitor.sign_seed, work, house.today(), name)
    deliver(house.stores, [one for one, _payload in sealed])


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
    if now.hour < desk.charter.policy.collect_hour or collected_today(house):
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


def collect(house: House, desk: Desk) -> None:
    """Make what arrived visible to guardians now. Raises StoreBusy."""
    collecting.collect(house.stores, house.today(), desk.charter.policy.latest_months)
