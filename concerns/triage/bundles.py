"""Seals what guardians write in a thread: always a set of four envelopes, so that the store cannot tell what is in it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from concerns.sealing.chain import next_link
from concerns.sealing.envelope import Header, Kind, Sealed, seal
from concerns.sealing.excluding import excluded_kids, exclusions_in, written
from concerns.sealing.keys import kem_public, new_seed
from concerns.sealing.proof import content_hash, sign_proof
from concerns.sealing.receipt import ReceiptKeys
from concerns.sealing.signing import sign_public
from concerns.sealing.text import to_text
from concerns.sealing.threads import Bundle
from concerns.store.base import new_id
from concerns.triage.rules import INTERNAL, Step

#: in the order of the chain: the record comes first, and the status, which the reporter reads, last
SET = (Kind.TRIAGE, Kind.NOTE, Kind.REPLY, Kind.STATUS)
FOR_REPORTER = (Kind.REPLY, Kind.STATUS)
#: how to be reached, where nobody asked: every thread has this envelope, so that it tells nothing
NO_CONTACT = {"wish": "", "how": ""}

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
    #: physical harm that is known
    harm: str | None = None
    #: psychological harm that is known
    psychological: str | None = None
    #: consequence and likelihood, 1 to 5 each
    score: tuple[int, int] | None = None
    reason: str = ""
    #: where the reporter was signposted to
    where: str = ""
    reply: str = ""
    note: str = ""
    #: whether the chosen themes were all among the suggested ones; None where nothing was chosen or suggested
    among: bool | None = None
    #: she only looked at something that is noted: nothing was sorted, no clock starts and no close counts it
    looked: bool = False
    #: a step beside sorting, such as a link, a declared conflict or one person's part of a two-person step (`acts`)
    act: Mapping[str, Any] = field(default_factory=dict)


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
    #: the ids of the persons who must not read it
    exclusions: frozenset[bytes] = frozenset()
    #: the id of each guardian's KEM key, by person
    kids: Mapping[bytes, bytes] = field(default_factory=dict)
    #: the Monday of the week of collection and the hash of what was told, for the proof in each status
    told: tuple[dt.date, str] | None = None

    @property
    def excluded(self) -> frozenset[bytes]:
        """The keys that get noise in place of the data key."""
        return excluded_kids(self.exclusions, self.kids)


def seal_set(
    thread: Thread, sign_seed: bytes, work: Work, day: dt.date, name: Callable[[Kind], bytes] = lambda _kind: new_id()
) -> list[Written]:
    """The four envelopes of one sitting, signed and chained, with their payloads. Raises TooLong.

    `name` gives each envelope its id: random, or drawn from the form so that a double tap stores one set.
    """
    set_of_four: list[Written] = []
    for kind in SET:
        link = next_link([*thread.own, *set_of_four], thread.newest_other)
        payload = {**_content(kind, work, day, thread.turn), **link}
        if kind is Kind.STATUS:
            payload |= _standing(thread, sign_seed, day, quiet=_quiet(work))
        readers = [*thread.guardians, thread.reporter] if kind in FOR_REPORTER else thread.guardians
        header = Header(kind, thread.site_id, thread.thread_id, name(kind))
        set_of_four.append((seal(header, payload, readers, sign_seed, thread.excluded), payload))
    return set_of_four


def _quiet(work: Work) -> bool:
    """Whether a set is no word to the reporter: its status says nothing, and proves nothing anew."""
    return work.looked or work.step.status in INTERNAL


def _standing(thread: Thread, sign_seed: bytes, day: dt.date, *, quiet: bool) -> dict[str, Any]:
    """What every status says of its thread: who must not read it, and the proof that it was told.

    A set that is no word to the reporter proves nothing: else her page would say so from the day on which her flag was
    compared with somebody else's.
    """
    standing: dict[str, Any] = {"exclusions": written(thread.exclusions)}
    if thread.told is not None and not quiet:
        standing["proof"] = sign_proof(sign_seed, thread.site_id, *thread.told, day)
    return standing


def _content(kind: Kind, work: Work, day: dt.date, turn: int) -> dict[str, Any]:
    on = day.isoformat()
    looked = {"looked": True} if work.looked else {}
    among = {} if work.among is None else {"among": work.among}
    step = {"status": work.step.status, "outcome": work.step.outcome, "reason": work.reason, "day": on}
    if kind is Kind.TRIAGE:
        return {
            "primary": work.primary,
            "themes": list(work.themes),
            "area": work.area,
            "worry": None,  # the reporter's own worry is never changed
            "harm": work.harm,
            "psychological": work.psychological,
            "score": list(work.score) if work.score else None,
            "turn": turn,
            **({"where": work.where} if work.where else {}),
            **among,
            **step,
            **looked,
            **({"act": dict(work.act)} if work.act else {}),
        }
    if kind is Kind.STATUS:
        return {"day": on, "looked": True} if work.step.status in INTERNAL else {**step, **looked}
    return {"text": work.reply if kind is Kind.REPLY else work.note, "day": on}


@dataclass(frozen=True)
class Sitting:
    """One sitting of a guardian with a thread that is made whole: who signs, what, on which day."""

    sign_seed: bytes
    work: Work
    day: dt.date


def seal_told(
    site_id: bytes,
    guardians: Sequence[bytes],
    flag: Mapping[str, Any],
    keys: ReceiptKeys,
    kids: Mapping[bytes, bytes],
    contact: Mapping[str, str] = NO_CONTACT,
) -> tuple[Sealed, Sealed]:
    """A flag that reached a guardian by another way than the report door, and how to be reached. Raises TooLong."""
    reporter, thread_id = kem_public(keys.kem_seed), new_id()
    own = {"kem": to_text(reporter), "sign": to_text(sign_public(keys.sign_seed))}
    excluded = excluded_kids(exclusions_in(flag), kids)
    readers = [*guardians, reporter]
    told = seal(Header(Kind.FLAG, site_id, thread_id, new_id()), {**flag, **own}, readers, excluded=excluded)
    reach = seal(Header(Kind.CONTACT, site_id, thread_id, new_id()), contact, readers, excluded=excluded)
    return told, reach


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
    kids: Mapping[bytes, bytes] | None = None,
) -> Bundle:
    """A whole thread: the flag and what guardians did with it, ready to be stored. Raises TooLong.

    `flag` holds text, area, worry, consent and danger, as the form writes them. Without a receipt the reporter's keys
    are drawn and forgotten: nobody comes back to this thread. `kids` is asked for only where the flag excludes somebody.
    """
    keys = receipt or ReceiptKeys(new_id(), new_seed(), new_seed())
    told, contact = seal_told(site_id, guardians, flag, keys, kids or {})
    sealed = [told, contact]
    own: dict[bytes, list[Written]] = {}
    for turn, sitting in enumerate(sittings):
        mine = own.setdefault(sitting.sign_seed, [])
        thread = Thread(
            site_id=site_id,
            thread_id=told.header.thread_id,
            guardians=guardians,
            reporter=kem_public(keys.kem_seed),
            turn=turn,
            own=tuple(mine),
            newest_other=told,
            exclusions=exclusions_in(flag),
            kids=kids or {},
            told=(week, content_hash(flag, sign_public(keys.sign_seed))),
        )
        sat = seal_set(thread, sitting.sign_seed, sitting.work, sitting.day)
        mine += sat
        sealed += [one for one, _payload in sat]
    return Bundle(told.header.thread_id, keys.lookup_hash, tier, week, purge_week, sealed)
