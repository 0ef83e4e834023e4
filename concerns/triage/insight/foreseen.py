"""Tries other themes, or other words of them, on flags of one guardian: at her desk alone, and kept nowhere.

What is compared is what her own desk suggests by what it was taught, before and after; no flag is judged by itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from concerns.people.access import Visitor
from concerns.store.house import House
from concerns.themes.editing.service import Planned
from concerns.themes.engine import Engine
from concerns.themes.rules import OTHER, ThemeFacts
from concerns.themes.wordings import Rewording
from concerns.triage.index import service as index
from concerns.triage.index.card import Card
from concerns.triage.index.service import Index
from concerns.triage.insight.learnt import Known
from concerns.triage.insight.service import COUNT_ONLY, known_of
from concerns.triage.reading import Desk

#: flags that a change is tried on, and their letters: about a second, however much was learnt
MOST, LETTERS = 200, 60_000
#: what was learnt from them is left out in so many rounds
ROUNDS = 5


class Moved(NamedTuple):
    """A flag that would get another first suggestion: the names of both themes, None where no word speaks for any."""

    card: Card
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Foreseen:
    """What a change would have done, or did."""

    tried: int
    moved: tuple[Moved, ...]
    #: how many sorted flags both engines were taught by; 0 where names, definitions and keywords speak alone
    learnt: int
    #: for how many flags the first suggestion is what they are sorted as, before and after
    right: tuple[int, int]
    #: older flags are still to be opened
    behind: bool


@dataclass(frozen=True)
class Trial:
    """The two sets of themes that are compared, and where the suggestions of the first one belong in the second."""

    before: tuple[ThemeFacts, ...]
    after: tuple[ThemeFacts, ...]
    moved: Mapping[str, Sequence[str]]
    #: what her desk may have been taught for
    sets: tuple[tuple[ThemeFacts, ...], ...]
    #: whether it is tried on a flag
    fits: Callable[[Card], bool]


def of_plan(found: Planned, newest: Rewording | None) -> Trial:
    """What is planned for the next year, against the themes in force."""
    sets = (found.now, newest.before) if newest else (found.now,)
    return Trial(found.now, tuple(found.later), found.plan.moved, sets, lambda _card: True)


def of_words(newest: Rewording) -> Trial:
    """The words of today against those before the newest change, on flags that are sorted by themes of today."""
    codes = {OTHER, *(theme.code for theme in newest.now)}
    sets = (newest.now, newest.before)
    return Trial(newest.before, newest.now, {}, sets, lambda card: not codes.isdisjoint(_sorted_as(card)))


def foreseen(house: House, desk: Desk, visitor: Visitor, trial: Trial, known: Index) -> Foreseen:
    """Tried on the newest sorted flags that she can open, and whose words may be used."""
    cards = _newest(known.cards, trial.fits)
    texts = index.texts(house, desk, visitor, {card.week for card in cards}) if cards else {}
    told = _as_many_as_fit(cards, texts)
    taught = known_of(house, desk, visitor, trial.sets, known)
    tried = _tried(taught, trial, told)
    names = {theme.code: theme.name for theme in (*trial.after, *trial.before)}
    later = {theme.code: theme.name for theme in trial.after}
    moved = [
        Moved(card, names.get(one), later.get(other))
        for card, one, other in tried
        if followed(one, trial.moved) != other
    ]
    right = sum(_right(card, one) for card, one, _ in tried), sum(_right(card, other) for card, _, other in tried)
    return Foreseen(len(told), tuple(moved), len(taught.flags), right, known.behind)


def _tried(taught: Known, trial: Trial, told: Sequence[tuple[Card, str]]) -> list[tuple[Card, str, str]]:
    """The codes that are suggested first for each flag, before and after, by what was learnt from other flags.

    A flag that was learnt from is suggested as it was sorted, whatever words the themes have: so some of them at a time
    are forgotten, and tried then.
    """
    # for as long as this request: the words of flags are stemmed once for all
    met: dict[str, str] = {}
    found: list[tuple[Card, str, str]] = []
    rounds = ROUNDS if taught.flags else 1
    for some in filter(None, (told[start::rounds] for start in range(rounds))):
        before, after = (taught.engine.among(themes, met) for themes in (trial.before, trial.after))
        for card, text in some:
            if (codes := taught.flags.get(card.thread)) is not None:
                before.forget(text, codes)
                after.forget(text, codes)
        found += [(card, first(before, text), first(after, text)) for card, text in some]
    return sorted(found, key=lambda one: _newness(one[0]))


def first(engine: Engine, text: str) -> str:
    """The code that is suggested first; empty where no word of the text speaks for a theme."""
    best = engine.suggest(text, 1)
    return best[0].theme.code if best and best[0].because else ""


def followed(code: str, moved: Mapping[str, Sequence[str]]) -> str:
    """The theme in which a theme goes on: a merged one in the other. One that is split or ends goes on in none."""
    heirs = moved.get(code, (code,))
    return heirs[0] if len(heirs) == 1 else "-"


def _sorted_as(card: Card) -> set[str]:
    return {card.primary, *card.themes}


def _right(card: Card, code: str) -> bool:
    """Where no word speaks for a theme, that is right for a flag that fits none."""
    return (code or OTHER) in _sorted_as(card)


def _newest(cards: Iterable[Card], fits: Callable[[Card], bool]) -> list[Card]:
    fit = (card for card in cards if card.sorted and card.ours and card.consent != COUNT_ONLY and fits(card))
    return sorted(fit, key=_newness)[:MOST]


def _newness(card: Card) -> tuple[int, str]:
    return -card.week.toordinal(), card.thread


def _as_many_as_fit(cards: Iterable[Card], texts: Mapping[str, str]) -> list[tuple[Card, str]]:
    """The first of these with their texts, as many as one request may read."""
    found: list[tuple[Card, str]] = []
    letters = 0
    for card in cards:
        text = texts.get(card.thread, "")
        letters += len(text)
        if letters > LETTERS and found:
            break
        found.append((card, text))
    return found
