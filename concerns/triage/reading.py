"""A flag as a guardian reads it: what was told, what followed in its order, and where it stands."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from concerns.areas import queries as areas
from concerns.charter import service as charter_service
from concerns.charter.service import Charter
from concerns.people.access import Visitor
from concerns.sealing.chain import Opened, Standing, in_order, link_hash
from concerns.sealing.envelope import Kind, Sealed
from concerns.sealing.opening import OpenedThread, look_into
from concerns.sealing.saying import day_said, number_said, said
from concerns.store.house import House, week_of
from concerns.triage.queries import Collected, ThreadFacts, collected_in
from concerns.triage.rules import Step

GUARDIANS_WRITE = (Kind.REPLY, Kind.NOTE, Kind.TRIAGE, Kind.STATUS)


@dataclass(frozen=True)
class Entry:
    """One envelope after the flag: who wrote it, when, and how far that is proven."""

    sealed: Sealed
    kind: Kind
    payload: Mapping[str, Any]
    standing: Standing
    #: None where it is the reporter's, or not proven to be a guardian's
    guardian: str | None
    signer: bytes | None
    week: dt.date

    @property
    def text(self) -> str:
        return said(self.payload, "text")

    @property
    def step(self) -> Step:
        return _step(self.payload)

    @property
    def reason(self) -> str:
        return said(self.payload, "reason")

    @property
    def day(self) -> dt.date | None:
        return day_said(self.payload)

    @property
    def proven(self) -> bool:
        return self.standing is Standing.PROVEN

    @property
    def about(self) -> str:
        """What a reporter's addition is about: detail, detriment or closing."""
        return said(self.payload, "about") if self.kind is Kind.DETAIL else ""

    @property
    def looked(self) -> bool:
        """A guardian only looked at something that is noted: this record sorts nothing."""
        return only_looked(self.payload)

    @property
    def act(self) -> Mapping[str, Any]:
        """The step beside sorting that a triage record holds; empty for most."""
        found = self.payload.get("act") if self.kind is Kind.TRIAGE else None
        return found if isinstance(found, Mapping) else {}

    @property
    def link(self) -> str:
        """What a later entry calls this one by."""
        return link_hash(self.sealed)

    @property
    def message(self) -> bool:
        """Whether it is something that one side said to the other; closing answers without a text await nothing."""
        return self.kind in (Kind.DETAIL, Kind.REPLY) and (bool(self.text) or self.about == "detriment")


@dataclass(frozen=True)
class Flag:
    """A flag and its thread, opened for one guardian within one request."""

    facts: ThreadFacts
    thread: OpenedThread
    #: everything after the flag, in the order in which it was written
    entries: tuple[Entry, ...]
    #: the ids of all the envelopes that a guardian sees now, opened or not, and of the files among them
    visible: frozenset[bytes] = frozenset()
    files: tuple[bytes, ...] = ()

    def told(self, name: str) -> str:
        """What the reporter said under this name: text, area, worry, consent, danger and so on."""
        return said(self.thread.flag, name)

    @property
    def record(self) -> Entry | None:
        """The newest proven triage record: the last one counts, the earlier ones stay in the history."""
        records = (entry for entry in reversed(self.entries) if entry.kind is Kind.TRIAGE and not entry.looked)
        return next((entry for entry in records if entry.proven), None)

    @property
    def doubted(self) -> bool:
        """Somebody stored a triage record here, and none of them is proven: then it counts as not sorted."""
        stored = sum(one.header.kind is Kind.TRIAGE for one in self.thread.rows)
        looked = sum(entry.kind is Kind.TRIAGE and entry.looked and entry.proven for entry in self.entries)
        return self.record is None and stored > looked

    @property
    def badly_treated(self) -> bool:
        """The reporter says that she suffers for speaking up; a gap in her chain is no reason to overlook it."""
        return any(entry.about == "detriment" and entry.signer is not None for entry in self.entries)

    @property
    def turn(self) -> int:
        return sum(entry.kind is Kind.TRIAGE for entry in self.entries)

    @property
    def step(self) -> Step:
        return self.record.step if self.record else Step("received")

    @property
    def messages(self) -> tuple[Entry, ...]:
        """What passed between the reporter and guardians, without the empty ones."""
        return tuple(entry for entry in self.entries if entry.message)

    @property
    def newest_of_reporter(self) -> Sealed:
        details = [entry.sealed for entry in self.entries if entry.kind is Kind.DETAIL and entry.proven]
        return details[-1] if details else self.thread.of_kind(Kind.FLAG)[0].sealed

    def own(self, sign_public: bytes) -> list[tuple[Sealed, Mapping[str, Any]]]:
        """What one guardian signed in this thread: her chain so far."""
        return [(entry.sealed, entry.payload) for entry in self.entries if entry.signer == sign_public]


class LookedInto(NamedTuple):
    """What a guardian's key finds in some threads."""

    flags: list[Flag]
    #: the ids of the threads whose flag was sealed for her, and changed since
    damaged: frozenset[bytes]


@dataclass(frozen=True)
class Desk:
    """What every page of triage needs: the site, and the charter in force."""

    site_id: bytes
    charter: Charter
    sector: str


def open_desk(house: House) -> Desk:
    """Raises NotOpenYet or CharterRefused."""
    with house.stores.read_main() as main:
        organisation = areas.organisation(main)
        return Desk(organisation.site_id, charter_service.current(main, house.directory), organisation.sector)


def read_flags(house: House, desk: Desk, visitor: Visitor, facts: Sequence[ThreadFacts]) -> list[Flag]:
    """The flags among these that this guardian's key opens, in the same order; the others are passed over in silence.

    What she may see of them is for `index.seeing` to say, which every page asks.
    """
    return read_flags_and_damage(house, desk, visitor, facts).flags


def read_flags_and_damage(house: House, desk: Desk, visitor: Visitor, facts: Sequence[ThreadFacts]) -> LookedInto:
    """The same, and beside them the ids of the threads whose flag is for her and was changed in the store."""
    ids = [one.thread_id for one in facts]
    looked = look_into(house.stores, desk.site_id, ids, visitor.kem_seed, desk.charter.manifest.signers)
    opened = looked.opened
    stored: dict[bytes, list[Collected]] = {thread_id: [] for thread_id in ids}
    with house.stores.read_main() as main:
        for row in collected_in(main, ids):
            stored[row.thread_id].append(row)
    flags = [
        _flag(one, opened[one.thread_id], stored[one.thread_id], desk, house.today())
        for one in facts
        # a flag that is wrapped for somebody whom it excludes is not for her either
        if one.thread_id in opened and visitor.person_id not in opened[one.thread_id].exclusions
    ]
    return LookedInto(flags, looked.damaged)


def _flag(facts: ThreadFacts, thread: OpenedThread, stored: Sequence[Collected], desk: Desk, today: dt.date) -> Flag:
    entries = _entries(thread, {row.id: row.week for row in stored}, desk, today)
    files = tuple(sorted(row.id for row in stored if row.kind == Kind.FILE))
    return Flag(facts, thread, entries, frozenset(_visible(thread.rows, stored)).union(files), files)


def _visible(rows: Sequence[Sealed], stored: Sequence[Collected]) -> Iterable[bytes]:
    """Of the envelopes that were read: what a reporter adds stays out of sight until it is collected."""
    collected = {row.id for row in stored}
    for header in (row.header for row in rows):
        if header.kind in GUARDIANS_WRITE or header.envelope_id in collected:
            yield header.envelope_id


def _entries(thread: OpenedThread, weeks: Mapping[bytes, dt.date], desk: Desk, today: dt.date) -> tuple[Entry, ...]:
    entries = {}
    for item in thread.items:
        # what a reporter adds stays out of sight until it is collected: its day would tell when it came
        if item.kind in GUARDIANS_WRITE or (item.kind is Kind.DETAIL and item.sealed.header.envelope_id in weeks):
            week = weeks.get(item.sealed.header.envelope_id, week_of(today))
            entries[link_hash(item.sealed)] = _entry(item, week, desk)
    links = [(own, _before(entry), _rank(entry)) for own, entry in entries.items()]
    return tuple(entries[own] for own in in_order(links))


def _entry(item: Opened, week: dt.date, desk: Desk) -> Entry:
    guardian = desk.charter.manifest.by_signer(item.signer) if item.kind in GUARDIANS_WRITE else None
    return Entry(
        sealed=item.sealed,
        kind=item.kind,
        payload=item.payload,
        standing=item.standing,
        guardian=guardian.name if guardian else None,
        signer=item.signer,
        week=week,
    )


def _before(entry: Entry) -> list[str]:
    return [link for name in ("prev", "seen") if (link := said(entry.payload, name))]


def _rank(entry: Entry) -> tuple[dt.date, int, int]:
    return max(entry.week, entry.day or entry.week), number_said(entry.payload, "turn"), number_said(entry.payload, "n")


def only_looked(record: Mapping[str, Any]) -> bool:
    """Whether a triage record says only that somebody looked at something."""
    return record.get("looked") is True


def _step(payload: Mapping[str, Any]) -> Step:
    return Step(said(payload, "status") or "received", said(payload, "outcome") or None)
