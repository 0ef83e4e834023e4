"""Which flags a learning point may rest on: their reporters agreed, and nobody said that acting would expose them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from concerns.people.access import Visitor
from concerns.store.house import House
from concerns.triage.acting.gate import gate_of
from concerns.triage.acting.pairs import Refused
from concerns.triage.index import service as index
from concerns.triage.index.card import Card
from concerns.triage.queries import thread_facts
from concerns.triage.reading import Desk, Flag, read_flags
from concerns.triage.releasing.rules import ASKED_FIRST, CONSENTED, MOST_NAMED, MOST_OFFERED


def offered(house: House, desk: Desk, visitor: Visitor, theme: str) -> list[Card]:
    """The newest flags of a theme whose reporters may have agreed, as a page offers them."""
    cards = index.cards(house, desk, visitor).cards
    wanted = [
        card
        for card in cards
        if card.consent in CONSENTED | {ASKED_FIRST} and theme in (card.primary, *card.themes) and card.ours
    ]
    return sorted(wanted, key=lambda card: (-card.week.toordinal(), card.thread))[:MOST_OFFERED]


def consented(house: House, desk: Desk, visitor: Visitor, threads: Sequence[str]) -> list[Flag]:
    """These flags, opened in this session and nowhere shown, where every reporter agreed. Raises Refused."""
    if not threads:
        raise Refused("Name at least one flag that it rests on.")
    if len(threads) > MOST_NAMED:
        raise Refused(f"Name at most {MOST_NAMED} flags: a general lesson needs no more.")
    with house.stores.read_main() as main:
        facts = [found for one in _ids(threads) if (found := thread_facts(main, one)) is not None]
    flags = read_flags(house, desk, visitor, facts)
    if len(flags) < len(threads):
        raise Refused("One of the flags that it rests on is no longer here, or not for you.")
    if not all(agreed(flag) for flag in flags):
        raise Refused("Not every reporter agreed that what can be learnt is used. Leave those flags out.")
    if not all(_not_held(flag) for flag in flags):
        raise Refused("The exposure gate of one of these flags is not open. Leave that flag out, or ask it again.")
    return flags


def agreed(flag: Flag) -> bool:
    """Whether its reporter chose that what can be learnt is used, or agreed to it in the thread when asked.

    One that came without that choice, such as from a spreadsheet, was never told what staff would learn.
    """
    gate = gate_of(flag)
    asked = gate is not None and gate.open and gate.ground == "agreed"
    return flag.told("consent") in CONSENTED or (flag.told("consent") == ASKED_FIRST and asked)


def excluded_from(flags: Iterable[Flag]) -> frozenset[bytes]:
    """Who must not read one of these flags, and so nothing that names it."""
    return frozenset(person for flag in flags for person in flag.thread.exclusions)


def _not_held(flag: Flag) -> bool:
    gate = gate_of(flag)
    return gate is None or gate.open


def _ids(threads: Iterable[str]) -> list[bytes]:
    """Without what is no id: nothing is found for that."""
    found = []
    for one in threads:
        with suppress(ValueError):
            found.append(bytes.fromhex(one))
    return found
