"""What a guardian may write about: shown numbers, frozen reports, themes; and how each is called on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from concerns.disclosure.periods import Period, WrongPeriod
from concerns.disclosure.queries import Frozen, releases
from concerns.learning.promises.queries import EVERYBODY
from concerns.learning.released import Passage, passages
from concerns.learning.rules import (
    ANSWER,
    KINDS,
    LEARNING,
    NARRATIVE,
    ON_CALENDAR_DAYS,
    PROMISE,
    VIEW,
    Words,
    published_on,
)
from concerns.learning.standing import Authority, shown_keys
from concerns.learning.themes import themes_on
from concerns.store.house import House
from concerns.themes.queries import current_set
from concerns.triage.acting.pairs import in_words
from concerns.triage.acting.rules import ESCALATIONS
from concerns.triage.releasing.rules import NAMES

#: the newest releases to which something may still be written
NEWEST = 6
#: texts on one page
PAGE = 50


@dataclass(frozen=True)
class Shelf:
    """One page of what was released, each text with the sentence about its day."""

    texts: Sequence[tuple[Passage, str]]
    number: int
    pages: int


def targets(house: House, kind: str) -> dict[str, str]:
    """What a text of this kind may be about, by the value of its field."""
    with house.stores.read_main() as main:
        if kind in (ANSWER, LEARNING):
            return {theme.code: theme.name for theme in current_set(main, house.today())}
        frozen = releases(main)[:NEWEST]
    if kind == VIEW:
        return {str(one.period): one.period.in_words for one in frozen}
    return {
        f"{one.period}|{key}": f"{one.period.in_words}: {name}"
        for one in frozen
        for key, name in shown_keys(one.stored).items()
    }


def about(house: House, texts: Sequence[Words | Passage]) -> list[str]:
    """What each of these texts is, in words."""
    with house.stores.read_main() as main:
        themes = themes_on(main, house.today()).names
        frozen = {str(one.period): one for one in releases(main)} if any(one.kind == NARRATIVE for one in texts) else {}
    return [_about(one, themes, frozen) for one in texts]


def released(house: House, authority: Authority, number: int) -> Shelf:
    """What was released, the newest first: this page of it, or the last one. None is left out: each may be withdrawn."""
    with house.stores.read_main() as main:
        found = passages(main, list(KINDS), authority)
    pages = max(1, -(-len(found) // PAGE))
    number = min(number, pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    return Shelf([(one, _when(house, one)) for one in shown], number, pages)


def _about(one: Words | Passage, themes: Mapping[str, str], frozen: Mapping[str, Frozen]) -> str:
    said: list[str] = []
    if one.about in ESCALATIONS:
        said.append(ESCALATIONS[one.about])
    elif one.about:
        names = shown_keys(frozen[one.period].stored) if one.period in frozen else themes
        theme = one.about.partition("/")[0] if one.kind == PROMISE else one.about
        said.append(names.get(theme, theme or EVERYBODY))
    if one.period:
        said.append(_period(one.period))
    return f"{NAMES[one.kind]}: {', '.join(said)}" if said else NAMES[one.kind]


def _period(text: str) -> str:
    try:
        return Period.parse(text).in_words
    except WrongPeriod:
        return text


def _when(house: House, one: Passage) -> str:
    if one.withdrawn:
        return f"Withdrawn in {one.withdrawn:%B %Y}."
    day = published_on(one.month)
    if one.kind in ON_CALENDAR_DAYS and day > house.today():
        return f"Staff read it from {in_words(day)} on."
    return f"Released in {one.month:%B %Y}."
