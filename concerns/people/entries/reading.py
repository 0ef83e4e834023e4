"""Gathers what the pages of the log show: names, plain sentences, and the flags that this reader can open today."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.audit import heads, queries, requests
from concerns.audit.rules import ABOUT_A_FLAG, ABOUT_A_PERSON, VERBS, Head, in_words
from concerns.charter import service as charter
from concerns.people.access import Visitor
from concerns.people.model import Person
from concerns.people.noting import earlier_keys
from concerns.sealing.model import Thread
from concerns.sealing.opening import open_threads
from concerns.sealing.saying import said
from concerns.store.house import House
from concerns.words.signs import visible

#: of a flag's text, in a link
FIRST_WORDS = 60
#: flags named on the page of one day
MOST_FLAGS = 200
NOBODY = "Somebody who is no longer here"
SHUT = (charter.NotOpenYet, charter.CharterRefused)


class FlagLink(NamedTuple):
    """A flag that the reader can open: its id in hex, and its first words."""

    thread: str
    words: str


@dataclass(frozen=True)
class Line:
    """One deed in plain words, with the flags it was about."""

    says: str
    flags: tuple[FlagLink, ...]


@dataclass(frozen=True)
class Group:
    """The lines under one heading: a day or a name."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Own:
    """One page of a person's own entries, by day; `older` says whether there is another one."""

    groups: tuple[Group, ...]
    number: int
    older: bool


@dataclass(frozen=True)
class Everybody:
    """What everybody did on one day, by name."""

    days: queries.Days
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Waiting:
    """A request that waits for a second person, as this reader sees it."""

    id: str
    name: str
    day: dt.date
    until: dt.date
    reason: str
    own: bool


def own_page(house: House, visitor: Visitor, number: int) -> Own:
    """A page of what the visitor did herself, newest first."""
    with house.stores.read_main() as main:
        entries, older = queries.own_entries(main, visitor.person_id, _seed(visitor), number)
        names = _names(main)
    flags = _flags(house, visitor, {one.thread_id for one in entries if one.thread_id})
    groups = [
        Group(
            in_words(day),
            tuple(Line(_says(one.verb, one.about, names), _links(flags, [one.thread_id])) for one in of_day),
        )
        for day, of_day in groupby(entries, key=lambda one: one.day)
    ]
    return Own(tuple(groups), number, older)


def everybodys_day(house: House, visitor: Visitor, wanted: dt.date | None) -> Everybody:
    """What everybody did on a day (the newest one if none is wanted), each deed once, in a fixed order.

    To a guardian a deed about flags shows only with a flag that she can read: the page is what it would be without
    the others. To a stand-in none does: her key opens every flag, and which of them she may see is not known here.
    """
    with house.stores.read_main() as main:
        days = queries.days_around(main, wanted or house.today())
        deeds = queries.deeds_of(main, days.shown, _seed(visitor))
        names = _names(main)
    threads = sorted(frozenset().union(*(one.threads for one in deeds)))[:MOST_FLAGS]
    flags = _flags(house, visitor, threads, of_others=True)
    shown = [
        (one.person_id, Line(_says(one.verb, one.about, names, len(links)), links))
        for one in sorted(deeds, key=lambda one: (names.get(one.person_id, NOBODY), one.person_id, _rank(one.verb)))
        if (links := _links(flags, one.threads)) or visitor.secret is None or one.verb not in ABOUT_A_FLAG
    ]
    groups = [
        Group(names.get(person_id, NOBODY), tuple(line for _person_id, line in of_person))
        for person_id, of_person in groupby(shown, key=lambda pair: pair[0])
    ]
    return Everybody(days, tuple(groups))


def waiting(house: House, visitor: Visitor) -> list[Waiting]:
    """The requests that wait for a second person."""
    today = house.today()
    with house.stores.read_main() as main:
        names, found = _names(main), requests.waiting(main, today, _seed(visitor))
    return [
        Waiting(
            one.id.hex(),
            names.get(one.person_id, NOBODY),
            one.day,
            one.until,
            one.reason,
            one.person_id == visitor.person_id,
        )
        for one in found
    ]


def may_read_until(house: House, visitor: Visitor) -> dt.date | None:
    """The last day on which the visitor may read everybody's entries; None where she may not."""
    with house.stores.read_main() as main:
        return requests.may_read_until(main, house.today(), visitor.person_id)


def signature(house: House, visitor: Visitor) -> tuple[Head, bool] | None:
    """What a guardian signed last, and whether the log still holds it; None for others, and before her first."""
    if visitor.secret is None:
        return None
    earlier = earlier_keys(house, visitor.person_id)
    with house.stores.read_main() as main:
        return heads.standing(main, visitor.person_id, visitor.sign_seed, earlier)


def asks_for_attention(house: House, visitor: Visitor) -> bool:
    """Whether a guardian should see the log first: it is not what she signed, or somebody's request waits for her."""
    found = signature(house, visitor)
    if found is not None and not found[1]:
        return True
    with house.stores.read_main() as main:
        return "guardian" in visitor.roles and requests.waits_for(main, house.today(), visitor.person_id)


def guardians(house: House) -> tuple[bytes, ...]:
    """The guardians' KEM public keys. Raises NotOpenYet or CharterRefused."""
    with house.stores.read_main() as main:
        return charter.current(main, house.directory).manifest.kem_publics


def _seed(visitor: Visitor) -> bytes | None:
    return None if visitor.secret is None else visitor.kem_seed


def _names(main: Session) -> dict[bytes, str]:
    return dict(main.execute(select(Person.id, Person.name)).all())


def _rank(verb: str) -> int:
    return next((place for place, known in enumerate(VERBS) if known == verb), len(VERBS))


def _says(verb: str, about: str, names: Mapping[bytes, str], flags: int = 1) -> str:
    sentence = VERBS.get(verb, verb)
    if flags > 1:
        sentence = sentence.replace("a flag", "flags")
    if verb in ABOUT_A_PERSON:
        name = next((name for one, name in names.items() if one.hex() == about), NOBODY.lower())
        return f"{sentence} for {name}" if verb == "invited" else f"{sentence}: {name}"
    # what a launch is about is the id of the site before it: nothing to read
    return f"{sentence}: {about}" if about and verb != "launched" else sentence


def _links(flags: Mapping[bytes, FlagLink], threads: Collection[bytes]) -> tuple[FlagLink, ...]:
    return tuple(flags[one] for one in sorted(threads) if one in flags)


def _flags(house: House, visitor: Visitor, ids: Collection[bytes], *, of_others: bool = False) -> dict[bytes, FlagLink]:
    """Those of these flags that are still here, collected, and for this reader: of the others nothing is said."""
    if visitor.secret is None or not ids:
        return {}
    with house.stores.read_main() as main:
        here = list(main.scalars(select(Thread.id).where(Thread.id.in_(ids))))
        site_id = organisation(main).site_id
        try:
            manifest = charter.current(main, house.directory).manifest
        except SHUT:
            return {}
    key = manifest.by_person(visitor.person_id)
    if of_others and (key is None or key.stand_in):
        return {}
    opened = open_threads(house.stores, site_id, here, visitor.kem_seed, manifest.signers)
    return {
        one: FlagLink(one.hex(), _first_words(visible(said(thread.flag, "text"))))
        for one, thread in opened.items()
        if visitor.person_id not in thread.exclusions
    }


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= FIRST_WORDS:
        return words
    return f"{words[:FIRST_WORDS].rpartition(' ')[0] or words[:FIRST_WORDS]} …"
