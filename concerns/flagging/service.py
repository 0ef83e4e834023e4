"""Seals what a reporter tells or adds, in memory and at once, and hands it to the store."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.areas import queries as areas_queries
from concerns.areas.rules import NOT_SAID
from concerns.charter import service as charter_service
from concerns.flagging.reading import Altered, NothingFound, Reading, open_with_receipt
from concerns.sealing import receipt
from concerns.sealing.chain import next_link
from concerns.sealing.envelope import Header, Kind, seal
from concerns.sealing.keys import kem_public
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import deliver
from concerns.store.base import new_id
from concerns.store.house import House


@dataclass(frozen=True)
class Told:
    """A concern as the reporter checked it. Empty answers are answers not given."""

    text: str
    danger: str
    area: str
    worry: str
    consent: str
    language: str


#: what makes two concerns the same one, sent twice
ANSWERS = ("text", "area", "worry", "consent", "danger")


class SentBefore(Exception):
    """This receipt belongs to a concern that says something else; nothing was stored."""


def tell(house: House, told: Told, entropy: bytes) -> None:
    """Seal a flag to all guardians and to the reporter herself, and store it once.

    A second call with the same receipt stores nothing. Raises SentBefore, NotOpenYet, and whatever the store raises.
    """
    with house.stores.read_main() as main:
        guardians = charter_service.current(main, house.directory).manifest.kem_publics
        site_id = areas_queries.organisation(main).site_id
    keys = receipt.derive(entropy, site_id)
    own_key = kem_public(keys.kem_seed)
    payload = {
        "text": told.text,
        "area": told.area or NOT_SAID,
        "worry": told.worry,
        "consent": told.consent,
        "danger": told.danger,
        "language": told.language,
        "kem": to_text(own_key),
        "sign": to_text(sign_public(keys.sign_seed)),
        "channel": "online",
        "mode": "anonymous",
    }
    header = Header(Kind.FLAG, site_id, new_id(), new_id())
    sealed = seal(header, payload, [*guardians, own_key])
    if not deliver(house.stores, [sealed], keys.lookup_hash, "open") and not _stands(house, payload, entropy):
        raise SentBefore


def _stands(house: House, payload: Mapping[str, str], entropy: bytes) -> bool:
    """Whether what is stored under this receipt says the same. What cannot be opened any more does not."""
    try:
        stored = open_with_receipt(house, entropy)
    except (NothingFound, Altered):
        return False
    return all(stored.told(name) == payload[name] for name in ANSWERS)


def add_detail(house: House, reading: Reading, text: str, item: str) -> None:
    """Seal something the reporter adds, signed with her key, and store it once for each form shown to her.

    The envelope's id comes from the form's random item, the text and the receipt: a double tap gives the same id, and
    an edited text another one, so that nothing is stored twice and nothing is lost. Raises NothingFound, and whatever
    the store raises.
    """
    with house.stores.read_main() as main:
        guardians = charter_service.current(main, house.directory).manifest.kem_publics
    envelope_id = _detail_id(reading, item, text)
    if any(row.header.envelope_id == envelope_id for row in reading.thread.rows):
        return
    payload = {"text": text, **next_link(reading.own_details, reading.newest_of_guardians)}
    header = Header(Kind.DETAIL, reading.site_id, reading.thread.thread_id, envelope_id)
    # the reporter's key as it stands inside the opened flag, never one from a row
    sealed = seal(header, payload, [*guardians, reading.thread.reporter_kem], reading.keys.sign_seed)
    try:
        deliver(house.stores, [sealed])
    except KeyError as error:
        raise NothingFound from error  # purged since it was opened


def _detail_id(reading: Reading, item: str, text: str) -> bytes:
    secret = hashlib.sha256(b"concerns-detail/1" + reading.keys.lookup).digest()
    return hmac.digest(secret, f"{item}\n{text}".encode(), "sha256")[:16]
