"""What a guardian's desk knows beyond single flags, within one request of hers; only sums stay, on her own shelf."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from concerns.people.access import Visitor
from concerns.sealing.shelf import Owner
from concerns.store.house import House
from concerns.themes.engine import Engine
from concerns.themes.likeness import holding
from concerns.themes.rules import OTHER, ThemeFacts
from concerns.triage.index import service as index
from concerns.triage.index.card import Card
from concerns.triage.index.changes import thread_counts
from concerns.triage.index.service import Index
from concerns.triage.insight import learnt
from concerns.triage.insight.learnt import Known, Lesson, More
from concerns.triage.insight.noted import note, noted
from concerns.triage.insight.signals import Signal, signals
from concerns.triage.insight.topics import Topic, topics
from concerns.triage.reading import Desk

#: flags in which words may rise, and those that they are compared with: the newest ones of each
MOST_NEW, MOST_OLD = 150, 600
#: flags searched for a word, and shown with it
SEARCHED, SHOWN = 2000, 20
#: what a reporter chooses whose words are to be used for nothing: the flag counts, and teaches nothing
COUNT_ONLY = "count"


@dataclass(frozen=True)
class Looks:
    """The page of signals: how each theme goes, and what may be told of that no theme covers."""

    signals: list[Signal]
    #: rising in flags that are not sorted yet, and in those that fit none of the themes
    unsorted: list[Topic]
    unfitting: list[Topic]
    #: older flags are still to be opened
    behind: bool


def engine(house: House, desk: Desk, visitor: Visitor, themes: Sequence[ThemeFacts], known: Index) -> Engine:
    """The engine that suggests themes to this guardian; none that learnt from a flag which is not hers any more."""
    owner = _owner(desk, visitor)
    before = noted(house.stores, owner, themes)
    # whether what it learnt from is still hers can only be different in weeks that changed: the others stay unread
    changed = None if before is None else before.changed(known.states)
    openable = {card.thread for card in known.of_weeks(changed)}
    return learnt.engine_of(house.stores, owner, themes, openable, changed)


def known_of(house: House, desk: Desk, visitor: Visitor, sets: Sequence[Sequence[ThemeFacts]], known: Index) -> Known:
    """What her desk was taught, where that was for one of these sets of themes. Nothing is taken in."""
    return learnt.known_of(house.stores, _owner(desk, visitor), sets, {card.thread for card in known.cards})


def learn(house: House, desk: Desk, visitor: Visitor, themes: Sequence[ThemeFacts], known: Index) -> bool:
    """Take in what was confirmed since, as much as one request may; whether all of it is in now."""
    if known.behind:
        # what is not opened yet would look as if it were gone, and all would be learnt anew
        return False
    owner = _owner(desk, visitor)
    before = noted(house.stores, owner, themes)
    changed = None if before is None else before.changed(known.states)
    if changed is not None and not changed:
        return True
    with house.stores.read_main() as main:
        size = learnt.row_size(sum(thread_counts(main).values()))

    def texts(weeks: set[dt.date]) -> dict[str, str]:
        return index.texts(house, desk, visitor, weeks)

    try:
        more = None
        if before is not None and changed is not None:
            weeks = changed | before.left
            found = lessons(known.of_weeks(weeks))
            more = learnt.learn_more(house.stores, owner, themes, weeks, found, texts, size)
        if more is None:
            # what was sorted anew may wait with whatever else changes in its week
            more = More(learnt.learn(house.stores, owner, themes, lessons(known.cards), texts, size))
        return more.done and note(house.stores, owner, themes, known.states, more.left)
    except OperationalError:
        # the store was busy: her next page tries again, and this one goes on with what was known
        return False


def lessons(cards: Iterable[Card]) -> list[Lesson]:
    """The flags of our staff whose themes are confirmed and whose words may be used, newest week first."""
    found = [
        Lesson(card.thread, card.week, (card.primary, *card.themes))
        for card in cards
        if card.ours and card.primary not in ("", OTHER) and card.consent != COUNT_ONLY
    ]
    return sorted(found, key=lambda one: (-one.week.toordinal(), one.thread))


def looks(house: House, desk: Desk, visitor: Visitor, themes: Sequence[ThemeFacts], known: Index) -> Looks:
    """What the flags that this guardian can open show together. Those that are not from our staff are left out."""
    ours = [card for card in known.cards if card.ours]
    usable = _newest([card for card in ours if card.consent != COUNT_ONLY])
    fresh = [card for card in usable if not card.sorted][:MOST_NEW]
    unfitting = [card for card in usable if card.primary == OTHER][:MOST_NEW]
    fitting = [card for card in usable if card.primary not in ("", OTHER)][:MOST_OLD]
    texts = index.texts(house, desk, visitor, {card.week for card in (*fresh, *unfitting, *fitting)})
    told, old, odd = ([texts.get(card.thread, "") for card in some] for some in (fresh, fitting, unfitting))
    return Looks(signals(ours, themes, house.today()), topics(told, old), topics(odd, old), known.behind)


def with_word(house: House, desk: Desk, visitor: Visitor, word: str) -> list[Card]:
    """The newest flags that have a word, in any of its forms."""
    cards = _newest(index.cards(house, desk, visitor).cards)[:SEARCHED]
    texts = index.texts(house, desk, visitor, {card.week for card in cards})
    places = holding(word, [texts.get(card.thread, "") for card in cards])
    return [cards[place] for place in places[:SHOWN]]


def _newest(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (-card.week.toordinal(), card.thread))


def _owner(desk: Desk, visitor: Visitor) -> Owner:
    return Owner(desk.site_id, visitor.person_id, visitor.kem_seed)
