"""Words that rise among flags, gathered into topics: what may be told of that no theme covers yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from concerns.themes.likeness import holding, rising

#: words looked for at once, and how many of them stand beside the word that leads a topic
WORDS, BESIDE = 20, 5
#: flags that a word has to be in
LEAST = 3


@dataclass(frozen=True)
class Topic:
    """A word that rises, in how many flags, and the other rising words that mostly come with it."""

    word: str
    flags: int
    beside: tuple[str, ...]


def topics(new: Sequence[str], old: Sequence[str]) -> list[Topic]:
    """What rises in the new flags against the old ones; nothing that may identify somebody, and no word of two flags."""
    if len(new) < LEAST:
        return []
    places = {one.word: frozenset(holding(one.word, new)) for one in rising(new, old, WORDS, LEAST)}
    found: list[Topic] = []
    while places:
        word, mine = next(iter(places.items()))
        kin = [other for other, theirs in places.items() if other != word and len(theirs & mine) * 2 > len(theirs)]
        found.append(Topic(word, len(mine), tuple(kin[:BESIDE])))
        for taken in (word, *kin):
            del places[taken]
    return found
