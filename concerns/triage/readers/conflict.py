"""A guardian declares a conflict of interest: the flag leaves her list for good, and the others see that she stepped back."""

import dataclasses
import datetime as dt

from concerns.charter.manifest import GuardianKey
from concerns.people.access import Visitor
from concerns.sealing.rewrapping import shut_out
from concerns.store.house import House
from concerns.triage import service
from concerns.triage.case.contact import looked
from concerns.triage.reading import Desk, Flag

#: the act, as it stands in the signed record
STEPPED_BACK = "step back"


class NobodyElse(Exception):
    """No other guardian is known to read this flag: it must not be left without a reader."""


def step_back(house: House, desk: Desk, visitor: Visitor, flag: Flag, reason: str, item: bytes) -> None:
    """Exclude the visitor from a thread: signed for the others, and her own wraps of it made useless in both stores.

    The signed part comes first, so that a press that broke off can be pressed again. Raises NobodyElse, and whatever
    `service.record` raises.
    """
    if not known_readers(desk, visitor, flag):
        raise NobodyElse
    note = f"{visitor.name} has stepped back from this flag: conflict of interest. {reason}".strip()
    work = dataclasses.replace(looked(flag, note), act={"do": STEPPED_BACK})
    service.record(house, desk, visitor, flag, work, item, excluding=frozenset({visitor.person_id}))
    own = desk.charter.manifest.by_person(visitor.person_id)
    if own is not None:
        shut_out(house.stores, desk.site_id, flag.facts.thread_id, own.kem)


def known_readers(desk: Desk, visitor: Visitor, flag: Flag) -> list[GuardianKey]:
    """The other guardians who certainly open this flag: nobody can see that from the wraps, which all look alike.

    They were guardians well before it came, or signed something in it.
    """
    manifest = desk.charter.manifest
    kept_out = {visitor.person_id, *flag.thread.exclusions}
    wrote = {entry.signer for entry in flag.entries if entry.proven}
    # what was told a little earlier may have been collected in that week
    latest = flag.facts.week - dt.timedelta(days=7)
    return [
        one
        for one in manifest.guardians
        if one.person_id not in kept_out and (manifest.since.get(one.kid, latest) <= latest or one.sign in wrote)
    ]
