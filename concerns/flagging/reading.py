"""Opens a reporter's own thread with the receipt just typed, in the order in which it was written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from concerns.areas import queries as areas_queries
from concerns.charter import service as charter_service
from concerns.charter.manifest import Manifest
from concerns.flagging import queries, rules
from concerns.sealing import receipt
from concerns.sealing.chain import Opened, Standing, in_order, link_hash, position
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.keys import Holder, kem_public
from concerns.sealing.opening import OpenedThread, open_thread
from concerns.sealing.proof import Proof, content_hash, verify_proof
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.saying import day_said, listed, said
from concerns.sealing.signing import sign_public
from concerns.sealing.threads import find, load, open_all
from concerns.store.house import House, week_of

SHOWN = (Kind.DETAIL, Kind.REPLY, Kind.STATUS)
#: a guardian always writes a record, a note, a reply and a status together; the reporter opens the last two
SET_OF_GUARDIAN = (Kind.TRIAGE, Kind.NOTE, Kind.REPLY, Kind.STATUS)


class NothingFound(Exception):
    """No thread belongs to these words: unknown, mistyped, taken back and purged are all the same."""


class Altered(Exception):
    """There is a thread, but the flag in it is not the one that this receipt told."""


@dataclass(frozen=True)
class Message:
    """One envelope after the flag, with what can be said of who wrote it."""

    item: Opened
    #: None where it is the reporter's own, or not proven to be a guardian's
    guardian: str | None
    #: the Monday of the week in which it was written or collected, None while it waits
    week: dt.date | None

    @property
    def mine(self) -> bool:
        return self.item.kind is Kind.DETAIL

    @property
    def proven(self) -> bool:
        return self.item.standing is Standing.PROVEN

    @property
    def standing(self) -> Standing:
        return self.item.standing

    @property
    def looked(self) -> bool:
        """A guardian only opened something that is noted; the set that says so answers nothing."""
        return self.item.payload.get("looked") is True

    def said(self, name: str) -> str:
        """What stands in it under this name: text, status, outcome, reason."""
        return said(self.item.payload, name)


@dataclass(frozen=True)
class Reading:
    """A reporter's thread, opened. It lives for one request."""

    site_id: bytes
    #: the receipt, for the form on the page
    entropy: bytes
    keys: ReceiptKeys
    thread: OpenedThread
    #: the Monday of the week of collection, None while it waits
    week: dt.date | None
    #: in the order in which they were written
    messages: Sequence[Message]

    def told(self, name: str) -> str:
        """What the reporter said under this name: text, area, worry or consent."""
        return said(self.thread.flag, name)

    @property
    def factors(self) -> list[str]:
        """What the reporter ticked that made it more likely."""
        return listed(self.thread.flag, "factors")

    def contact(self, house: House) -> dict[str, str]:
        """How she wants to be reached; nothing where that was erased."""
        rows = load(house.stores, self.site_id, [self.thread.thread_id], [Kind.CONTACT])[self.thread.thread_id]
        opened = open_all(rows, Holder(self.keys.kem_seed))
        return {name: said(opened[0][1], name) for name in ("wish", "how")} if opened else {}

    @property
    def detriment(self) -> dt.date | None:
        """Any day of the week in which she last said that she is treated badly; None where she never did, or just now."""
        told = [m.week for m in self.messages if m.mine and m.proven and m.said("about") == "detriment" and m.week]
        return max(told, default=None)

    @property
    def closed(self) -> bool:
        """Whether she answered the closing questions."""
        return any(message.mine and message.said("about") == "closing" for message in self.messages)

    @cached_property
    def proof(self) -> tuple[Message, Proof] | None:
        """The first statement of a guardian that this very concern was told, with the status that carries it."""
        content = content_hash(self.thread.flag, self.thread.reporter_sign)
        for message in self.messages:
            if message.item.kind is Kind.STATUS and message.item.signer and message.guardian:
                proof = verify_proof(message.item.payload, self.site_id, content, message.item.signer)
                if proof is not None:
                    return message, proof
        return None

    @property
    def own_details(self) -> list[tuple[Sealed, Mapping[str, object]]]:
        """The reporter's signed chain so far."""
        return [(m.item.sealed, m.item.payload) for m in self.messages if m.mine and m.item.signer]

    @property
    def newest_of_guardians(self) -> Sealed | None:
        written = [message.item.sealed for message in self.messages if message.proven and not message.mine]
        return written[-1] if written else None

    @cached_property
    def step(self) -> Message | None:
        """The newest status that a guardian signed and meant: where she only looked at something, nothing has moved."""
        steps = [m for m in self.messages if m.item.kind is Kind.STATUS and m.item.signer and not m.looked]
        return next((m for m in reversed(steps) if m.said("status") in rules.STATUSES), None)

    @property
    def status(self) -> str:
        return self.step.said("status") if self.step else rules.STATUSES[0]

    @property
    def gap(self) -> bool:
        """Whether something was taken out: a place that a chain names is empty, or one that was seen is gone."""
        return self.thread.gap or any(self._lacks(signer) for signer in {m.item.signer for m in self.messages})

    def _lacks(self, signer: bytes | None) -> bool:
        """Whether one signer wrote more than is left of hers. Of a guardian's places this reader opens every second."""
        left = [m for m in self.messages if m.item.signer == signer]
        written = 1 + max(position(m.item.payload) for m in left)
        if signer is None or left[0].mine:
            return signer is not None and len(left) < written
        return len(left) * len(SET_OF_GUARDIAN) < written * sum(kind in SHOWN for kind in SET_OF_GUARDIAN)

    @property
    def last_heard(self) -> dt.date | None:
        """The week in which a guardian last wrote: to look at something is no word to the reporter."""
        statuses = [m for m in self.messages if m.item.kind is Kind.STATUS]
        return max((m.week for m in statuses if m.week and m.proven and not m.looked), default=None)


def open_with_receipt(house: House, entropy: bytes) -> Reading:
    """The thread that these ten bytes belong to. Raises NothingFound or Altered, and whatever the store raises."""
    with house.stores.read_main() as main:
        site_id = areas_queries.organisation(main).site_id
        manifest = charter_service.current(main, house.directory).manifest
    keys = receipt.derive(entropy, site_id)
    thread_id = find(house.stores, keys.lookup_hash)
    if thread_id is None:
        raise NothingFound
    thread = open_thread(house.stores, site_id, thread_id, keys.kem_seed, manifest.signers)
    own = (kem_public(keys.kem_seed), sign_public(keys.sign_seed))
    if thread is None or (thread.reporter_kem, thread.reporter_sign) != own:
        raise Altered
    collected, weeks = queries.weeks(house, thread_id)
    return Reading(site_id, entropy, keys, thread, collected, _messages(thread, weeks, manifest))


def _messages(thread: OpenedThread, weeks: Mapping[bytes, dt.date], manifest: Manifest) -> list[Message]:
    messages = {}
    for item in thread.of_kind(*SHOWN):
        guardian = manifest.by_signer(item.signer)
        week = _week(item) or weeks.get(item.sealed.header.envelope_id)
        messages[link_hash(item.sealed)] = Message(item, guardian.name if guardian else None, week)
    links = [(own, sorted(_before(message.item)), _rank(message)) for own, message in messages.items()]
    return [messages[own] for own in in_order(links)]


def _before(item: Opened) -> set[str]:
    return {link for name in ("prev", "seen") if (link := said(item.payload, name))}


def _rank(message: Message) -> tuple[str, int]:
    """Where nothing was signed about the order: by day, then by place in the signer's chain."""
    day = message.said("day") or (message.week.isoformat() if message.week else "9999")
    return day, position(message.item.payload)


def _week(item: Opened) -> dt.date | None:
    day = day_said(item.payload)
    return None if day is None else week_of(day)
