"""Seals what guardians write in a thread: always a set of four envelopes, so that the store cannot tell what is in it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.sealing.chain import next_link
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import Bundle
from concerns.store.base import new_id
from concerns.triage.rules import Step

#: in the order of the chain: the record comes first, and the status, which the reporter reads, last
SET = (Kind.TRIAGE, Kind.NOTE, Kind.REPLY, Kind.STATUS)
FOR_REPORTER = (Kind.REPLY, Kind.STATUS)

Written = tuple[Sealed, Mapping[str, Any]]


@dataclass(frozen=True)
class Work:
    """What a guardian decided and wrote in one sitting. Empty texts are sealed like any other."""

    step: Step
    primary: str | None = None
    #: codes of the other themes
    themes: tuple[str, ...] = ()
    #: an area's code
    area: str | None = None
    harm: str | None = None
    #: consequence and likelihood, 1 to 5 each
    score: tuple[int, int] | None = None
    reason: str = ""
    reply: str = ""
    note: str = ""


@dataclass(frozen=True)
class Thread:
    """A thread as its next set needs it."""

    site_id: bytes
    thread_id: bytes
    #: KEM public keys of all guardians in the manifest
    guardians: Sequence[bytes]
    #: the reporter's own KEM public key, from inside the opened flag
    reporter: bytes
    #: how many triage records there are already
    turn: int
    #: the signer's earlier envelopes, opened
    own: Sequence[Written]
    #: the newest envelope of the reporter: the flag, or a detail
    newest_other: Sealed


def seal_set(
    thread: Thread, sign_seed: bytes, work: Work, day: dt.date, name: Callable[[Kind], bytes] = lambda _kind: new_id()
) -> list[Written]:
    """The four envelopes of one sitting, signed and chained, with their payloads. Raises TooLong.

    `name` gives each envelope its id: random, or drawn from the form so that a double tap stores one set.
    """
    written: list[Written] = []
    for kind in SET:
        link = next_link([*thread.own, *written], thread.newest_other)
        payload = {**_content(kind, work, day, thread.turn), **link}
        readers = [*thread.guardians, thread.reporter] if kind in FOR_REPORTER else thread.guardians
        header = Header(kind, thread.site_id, thread.thread_id, name(kind))
        written.append((seal(header, payload, readers, sign_seed), payload))
    return written


def _content(kind: Kind, work: Work, day: dt.date, turn: int) -> dict[str, Any]:
    on = day.isoformat()
    step = {"status": work.step.status, "outcome": work.step.outcome, "reason": work.reason, "day": on}
    if kind is Kind.TRIAGE:
        return {
            "primary": work.primary,
            "themes": list(work.themes),
            "area": work.area,
            "worry": None,  # the reporter's own worry is never changed
            "harm": work.harm,
            "score": list(work.score) if work.score else None,
            "turn": turn,
            **step,
        }
    if kind is Kind.STATUS:
        return {**step, "exclusions": []}
    return {"text": work.reply if kind is Kind.REPLY else work.note, "day": on}


@dataclass(frozen=True)
class Sitting:
    """One sitting of a guardian with a thread that is made whole: who signs, what, on which day."""

    sign_seed: bytes
    work: Work
    day: dt.date


def seal_flag_bundle(
    site_id: bytes,
    guardians: Sequence[bytes],
    flag: Mapping[str, Any],
    *,
    week: dt.date,
    purge_week: dt.date,
    tier: str = "imported",
    sittings: Sequence[Sitting] = (),
    receipt: ReceiptKeys | None = None,
) -> Bundle:
    """A whole thread: the flag and what guardians did with it, ready to be stored. Raises TooLong.

    `flag` holds text, area, worry, consent and danger, as the form writes them. Without a receipt the reporter's keys
    are drawn and forgotten: nobody comes back to this thread.
    """
    kem_seed = receipt.kem_seed if receipt else new_seed()
    sign_seed = receipt.sign_seed if receipt else new_seed()
    reporter = kem_public(kem_seed)
    keys = {"kem": to_text(reporter), "sign": to_text(sign_public(sign_seed))}
    thread_id = new_id()
    told = seal(Header(Kind.FLAG, site_id, thread_id, new_id()), {**flag, **keys}, [*guardians, reporter])
    sealed = [told]
    own: dict[bytes, list[Written]] = {}
    for turn, sitting in enumerate(sittings):
        mine = own.setdefault(sitting.sign_seed, [])
        thread = Thread(site_id, thread_id, guardians, reporter, turn, tuple(mine), told)
        written = seal_set(thread, sitting.sign_seed, sitting.work, sitting.day)
        mine += written
        sealed += [one for one, _payload in written]
    lookup_hash = receipt.lookup_hash if receipt else new_seed()
    return Bundle(thread_id, lookup_hash, tier, week, purge_week, sealed)
