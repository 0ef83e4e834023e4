"""Seals what a reporter tells or adds without script, in memory and at once, and hands it to the store."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from concerns.areas import queries as areas_queries
from concerns.areas.rules import NOT_SAID
from concerns.charter import service as charter_service
from concerns.charter.manifest import Manifest
from concerns.flagging.admission import Admission
from concerns.flagging.reading import Altered, NothingFound, Reading, open_with_receipt
from concerns.sealing import receipt, threads
from concerns.sealing.chain import next_link
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.excluding import excluded_kids, exclusions_in
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
    language: str
    danger: str = ""
    cause: str = ""
    factors: Sequence[str] = ()
    help: str = ""
    kind: str = ""
    area: str = ""
    worry: str = ""
    consent: str = ""
    why: str = ""
    #: the id of the guardian who must not read it, as base64url
    exclude: str = ""
    #: how to be reached, in an envelope of its own
    wish: str = ""
    how: str = ""

    @property
    def flag(self) -> dict[str, Any]:
        """What the flag's envelope says, without the reporter's keys."""
        return {
            "text": self.text,
            "cause": self.cause,
            "factors": list(self.factors),
            "help": self.help,
            "kind": self.kind,
            "area": self.area or NOT_SAID,
            "worry": self.worry,
            "consent": self.consent,
            "danger": self.danger,
            "why": self.why,
            "exclusions": [self.exclude] if self.exclude else [],
            "language": self.language,
            "channel": "online",
            "mode": "confidential" if self.wish else "anonymous",
        }

    @property
    def contact(self) -> dict[str, str]:
        """What the contact's envelope says; it is always written, empty or not."""
        return {"wish": self.wish, "how": self.how}


@dataclass(frozen=True)
class Added:
    """What a reporter adds later; `about` is detail, detriment or closing."""

    text: str
    about: str = "detail"
    #: of a detriment: whether others than the guardians may be told of it
    agree: str = ""
    #: of the closing questions
    feedback: str = ""
    again: str = ""

    @property
    def payload(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("text", "about", "agree", "feedback", "again")}


@dataclass(frozen=True)
class _Recipients:
    """Whose keys the envelopes of one thread are sealed to."""

    publics: Sequence[bytes]
    excluded: frozenset[bytes] = field(default=frozenset())


#: in which two concerns may differ and still be the same one, sent twice
NO_MATTER = ("language", "channel", "mode")


class SentBefore(Exception):
    """This receipt belongs to a concern that says something else; nothing was stored."""


def tell(house: House, told: Told, entropy: bytes, admission: Admission) -> None:
    """Seal a flag, and how to be reached, to all guardians and to the reporter herself, and store them once.

    A second call with the same receipt stores nothing and uses nothing up. Raises SentBefore, NotOpenYet, what the
    admission raises, and whatever the store raises.
    """
    with house.stores.read_main() as main:
        manifest = charter_service.current(main, house.directory).manifest
        site_id = areas_queries.organisation(main).site_id
    keys = receipt.derive(entropy, site_id)
    own_key = kem_public(keys.kem_seed)
    flag = {**told.flag, "kem": to_text(own_key), "sign": to_text(sign_public(keys.sign_seed))}
    recipients = _Recipients([*manifest.kem_publics, own_key], excluded_kids(exclusions_in(flag), manifest.kids))
    thread_id = new_id()
    sealed = [
        _seal(Header(kind, site_id, thread_id, new_id()), payload, recipients)
        for kind, payload in ((Kind.FLAG, flag), (Kind.CONTACT, told.contact))
    ]
    if deliver(house.stores, sealed, keys.lookup_hash, admission.tier, admission.admit):
        return
    if not _stands(house, flag, told.contact, entropy):
        raise SentBefore


def stands(house: House, told: Told, entropy: bytes) -> bool:
    """Whether exactly this concern is stored under this receipt already."""
    return _stands(house, told.flag, told.contact, entropy)


def _seal(header: Header, payload: Mapping[str, Any], recipients: _Recipients) -> Sealed:
    return seal(header, payload, recipients.publics, excluded=recipients.excluded)


def _stands(house: House, flag: Mapping[str, Any], contact: Mapping[str, str], entropy: bytes) -> bool:
    """Whether what is stored under this receipt says the same. What cannot be opened any more does not."""
    try:
        stored = open_with_receipt(house, entropy)
    except (NothingFound, Altered):
        return False
    same = all(stored.thread.flag.get(name) == said for name, said in flag.items() if name not in NO_MATTER)
    return same and stored.contact(house) == contact


def add_detail(
    house: House, reading: Reading, added: Added, item: str, admit: Callable[[Session], None] = lambda _live: None
) -> None:
    """Seal something the reporter adds, signed with her key, and store it once for each form shown to her.

    The envelope's id comes from the form's random item, what was written and the receipt: a double tap gives the same
    id, and an edited text another one, so that nothing is stored twice and nothing is lost. Raises NothingFound, and
    whatever the store raises.
    """
    envelope_id = _item_id(reading, item, "\n".join(added.payload.values()).encode())
    if any(row.header.envelope_id == envelope_id for row in reading.thread.rows):
        return
    payload = {**added.payload, **next_link(reading.own_details, reading.newest_of_guardians)}
    recipients = _of_thread(_manifest(house), reading)
    header = Header(Kind.DETAIL, reading.site_id, reading.thread.thread_id, envelope_id)
    sealed = seal(header, payload, recipients.publics, reading.keys.sign_seed, recipients.excluded)
    _deliver(house, sealed, admit)


def add_photo(
    house: House, reading: Reading, image: bytes, item: str, admit: Callable[[Session], None] = lambda _live: None
) -> None:
    """Seal a photo that was already written anew, as JPEG, and store it once. Raises as `add_detail` does."""
    header = Header(Kind.FILE, reading.site_id, reading.thread.thread_id, _item_id(reading, item, image))
    payload = {"type": "image/jpeg", "data": to_text(image)}
    _deliver(house, _seal(header, payload, _of_thread(_manifest(house), reading)), admit)


def take_back(house: House, reading: Reading) -> None:
    """Nobody finds this thread from now on; the next `collect` destroys its keys."""
    threads.take_back(house.stores, reading.thread.thread_id)


def _manifest(house: House) -> Manifest:
    with house.stores.read_main() as main:
        return charter_service.current(main, house.directory).manifest


def _of_thread(manifest: Manifest, reading: Reading) -> _Recipients:
    """The guardians, and the reporter's key as it stands inside the opened flag, never one from a row."""
    publics = [*manifest.kem_publics, reading.thread.reporter_kem]
    return _Recipients(publics, excluded_kids(reading.thread.exclusions, manifest.kids))


def _deliver(house: House, sealed: Sealed, admit: Callable[[Session], None]) -> None:
    try:
        deliver(house.stores, [sealed], admit=admit)
    except KeyError as error:
        raise NothingFound from error  # purged since it was opened


def _item_id(reading: Reading, item: str, content: bytes) -> bytes:
    secret = hashlib.sha256(b"concerns-detail/1" + reading.keys.lookup).digest()
    return hmac.digest(secret, item.encode() + b"\n" + content, "sha256")[:16]
