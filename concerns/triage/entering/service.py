"""A guardian enters what somebody told her, or a paper form: sealed like any other flag, with a receipt to hand over."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from concerns.areas.rules import NOT_SAID
from concerns.charter.manifest import GuardianKey
from concerns.people.access import Visitor
from concerns.sealing import receipt
from concerns.sealing.excluding import written
from concerns.sealing.opening import open_thread
from concerns.sealing.threads import deliver, find
from concerns.store.house import House
from concerns.triage.bundles import seal_told
from concerns.triage.noting import note_worked
from concerns.triage.reading import Desk


@dataclass(frozen=True)
class Told:
    """What somebody told, as the guardian checked it. Empty answers are answers not given."""

    channel: str
    mode: str
    text: str
    cause: str
    factors: tuple[str, ...]
    help: str
    kind: str
    area: str
    worry: str
    consent: str
    danger: str
    #: the other guardian who must not read it
    exclude: bytes | None = None


class SavedBefore(Exception):
    """This receipt belongs to a flag that says something else; nothing was stored."""


def enter_told(house: House, desk: Desk, visitor: Visitor, told: Told, entropy: bytes) -> None:
    """Seal it to all guardians and to the holder of the receipt, and store it once, until the next `collect`.

    A second call with the same receipt stores nothing. Raises SavedBefore, TooLong, and whatever the store raises.
    """
    manifest = desk.charter.manifest
    keys = receipt.derive(entropy, desk.site_id)
    payload = _payload(told)
    sealed = seal_told(desk.site_id, manifest.kem_publics, payload, keys, manifest.kids)
    # as work on any flag: an entry of its own would tell the day on which this one came
    excluded = [told.exclude] if told.exclude else []
    note_worked(house, manifest, visitor, sealed[0].header.thread_id, excluded, keys.lookup_hash)
    if not deliver(house.stores, sealed, keys.lookup_hash, "told") and not _stands(house, desk, payload, keys):
        raise SavedBefore


def others(desk: Desk, visitor: Visitor) -> tuple[GuardianKey, ...]:
    """The guardians besides the one who enters it: one of them may be excluded."""
    return tuple(one for one in desk.charter.manifest.guardians if one.person_id != visitor.person_id)


def _payload(told: Told) -> dict[str, Any]:
    answers = asdict(told)
    exclude = answers.pop("exclude")
    return {
        **answers,
        "factors": list(told.factors),
        "area": told.area or NOT_SAID,
        "language": "en",
        "why": "",
        "exclusions": written([exclude] if exclude else []),
    }


def _stands(house: House, desk: Desk, payload: Mapping[str, Any], keys: receipt.ReceiptKeys) -> bool:
    """Whether what is stored under this receipt says the same. What cannot be opened any more does not."""
    thread_id = find(house.stores, keys.lookup_hash)
    if thread_id is None:
        return False
    signers = desk.charter.manifest.signers
    stored = open_thread(house.stores, desk.site_id, thread_id, keys.kem_seed, signers)
    return stored is not None and all(stored.flag.get(name) == value for name, value in payload.items())
