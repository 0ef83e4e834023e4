"""What staff read of promises: the words that two guardians released, and how each stood on the newest working day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from concerns.learning.promises.queries import Promise, promises
from concerns.learning.released import Passage
from concerns.learning.rules import published_on, readable_from

#: on one page, the newest
MOST = 50


@dataclass(frozen=True)
class Told:
    """A promise as staff read it, dated by months; the theme's name is empty where it is for everybody."""

    theme_name: str
    what: str
    until: str
    because: str
    #: one of `rules.STATES`
    state: str
    #: by when it is to be done, and when what is said of it last changed; each by the first day of the month
    due: dt.date
    month: dt.date
    #: which promise it is: random, and the same for as long as it is told
    address: str
    #: the first day of the month in which guardians took its words out; only a mark of that is shown then
    withdrawn: dt.date | None = None


def told(reader: Session, passages: Sequence[Passage], names: Mapping[str, str], day: dt.date) -> tuple[Told, ...]:
    """The promises behind these released texts, newest first: as they stood when this day began, whatever happened since."""
    if not passages:
        return ()
    # as it stood before that day: otherwise a page could change in the course of it
    eve = promises(reader, day - dt.timedelta(days=1))
    by_address = {address(one): one for one in eve.actions}
    found: dict[str, Told] = {}
    for one in passages:
        promise = by_address.get(one.about)
        # the newest decides, withdrawn or not: what it replaced is not read again
        if promise is not None and one.about not in found:
            found[one.about] = _told(promise, one, names)
    return tuple(found.values())[:MOST]


def address(promise: Promise) -> str:
    """What a released text of an action is about: its theme and its id, both of which guardians sign."""
    return f"{promise.theme_code}/{promise.id.hex()}"


def _told(promise: Promise, passage: Passage, names: Mapping[str, str]) -> Told:
    changed = published_on(passage.month)
    if passage.withdrawn is None:  # a mark stays where the words stood, whatever becomes of the promise
        changed = max(changed, readable_from(promise.since))
    parts = passage.parts
    return Told(
        names.get(promise.theme_code, ""),
        parts.get("what", ""),
        parts.get("until", ""),
        parts.get("because", ""),
        promise.state,
        promise.due.replace(day=1),
        changed.replace(day=1),
        passage.about,
        passage.withdrawn,
    )
