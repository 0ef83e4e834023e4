"""The one way from an address, or from a form, to an opened flag: what a guardian may see of what her key opens."""

from collections.abc import Callable, Sequence

from concerns.people.access import Visitor
from concerns.people.duties import absences, reading_days
from concerns.sealing.signing import sign_public
from concerns.store.house import House
from concerns.triage.index.card import Card, State, short
from concerns.triage.index.covering import Cover
from concerns.triage.index.making import Reader, card_of
from concerns.triage.index.serious import Serious
from concerns.triage.noting import note_opened
from concerns.triage.queries import ThreadFacts, thread_facts
from concerns.triage.reading import Desk, Flag, read_flags, read_flags_and_damage

_UNSEEN = State("", "")
_NO_WORDS = Serious(())


def read_flag(house: House, desk: Desk, visitor: Visitor, thread_id: bytes) -> Flag | None:
    """One flag; None where it is unknown, not collected yet, or not for this guardian: the answer is the same.

    That she opens it is entered in the log before she sees it. Raises NotNoted.
    """
    with house.stores.read_main() as main:
        facts = thread_facts(main, thread_id)
    found = flags_for(house, desk, visitor, [facts]) if facts else []
    for flag in found:
        note_opened(house, desk.charter.manifest, visitor, thread_id, flag.thread.exclusions)
    return found[0] if found else None


def is_damaged(house: House, desk: Desk, visitor: Visitor, thread_id: bytes) -> bool:
    """Whether a flag was sealed for this guardian and cannot be opened: somebody changed it in the store."""
    with house.stores.read_main() as main:
        facts = thread_facts(main, thread_id)
    return facts is not None and thread_id in read_flags_and_damage(house, desk, visitor, [facts]).damaged


def flags_for(house: House, desk: Desk, visitor: Visitor, facts: Sequence[ThreadFacts]) -> list[Flag]:
    """The flags among these that this guardian may see, in the same order; the others are passed over in silence."""
    found, shows = read_flags(house, desk, visitor, facts), shown_to(house, desk, visitor)
    if shows is None:
        return found
    reader = Reader(desk, visitor.person_id, sign_public(visitor.sign_seed), _NO_WORDS)
    return [flag for flag in found if shows(card_of(flag, _UNSEEN, reader))]


def shown_to(house: House, desk: Desk, visitor: Visitor) -> Callable[[Card], bool] | None:
    """What says of a card whether she may see its flag; None where she may see whatever she opens."""
    manifest = desk.charter.manifest
    own = manifest.by_person(visitor.person_id)
    if own is None or not own.stand_in:
        return None
    today = house.today()
    with house.stores.read_main() as main:
        away = frozenset(short(one.person_id) for one in absences.away(main, today))
        newest = reading_days.newest_past(main, today, 1)
    day, kept = newest[0] if newest else (None, True)
    first = frozenset(short(one.person_id) for one in manifest.first_readers)
    me = short(visitor.person_id)
    return Cover(me, first, away, today.toordinal(), day.toordinal() if day else 0, kept).shows
