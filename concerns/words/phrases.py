"""Phrases that a draft shares with a few of the texts that were told: six words alike, or all but one of them."""

import re
from collections.abc import Hashable, Sequence

from concerns.words.matching import plain

#: words in a phrase
LONG = 6
#: a phrase that more flags than this hold is everybody's speech
FEW = 4
#: how many of the words that are alike must say something, where one of the six differs
CONTENT = 3

#: scripts without spaces are read sign by sign
_TOKEN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\\w+")
_NOTHING = frozenset(
    "a about after all also am an and any are as at be because been before being both but by can cannot cant could did do"
    " does doesnt doing done dont down each either else even ever every few for from get gets getting go goes going got had"
    " has hasnt have havent having he her here hers him his how i if im in into is isnt it its itself ive just like lot"
    " made make many may me might more most much must my no nor not now of off on once one only onto or other our ours out"
    " over own said same say says see she should so some still such than that thats the their theirs them then there these"
    " they theyre this those through to too under until up us very was wasnt we were werent weve what when where which"
    " while who whom whose why will with without wont would you your yours".split()
)

_Key = tuple[int, tuple[int, ...]]


def tokens(text: str) -> list[str]:
    """The words of a text, without case, accents, apostrophes and marks that take no room."""
    return _TOKEN.findall(plain(text).replace("'", ""))


class Phrases:
    """The phrases of one draft, and which told texts hold each of them. The texts are read once and not kept."""

    def __init__(self, draft: str) -> None:
        self._words = tokens(draft)
        self._number = {word: number for number, word in enumerate(dict.fromkeys(self._words))}
        self._says = [word not in _NOTHING for word in self._number]
        numbers = [self._number[word] for word in self._words]
        #: a phrase with the place that is left open (none: -1): who holds it, and where it stands in the draft
        self._found: dict[_Key, set[Hashable]] = {}
        self._places: dict[_Key, list[int]] = {}
        for at in range(len(numbers) - LONG + 1):
            for key in self._keys(tuple(numbers[at : at + LONG]), range(-1, LONG)):
                self._found.setdefault(key, set())
                self._places.setdefault(key, []).append(at)

    def compare(self, flag: Hashable, text: str) -> None:
        """Note which of the draft's phrases this text holds; `flag` says whose text it is."""
        get = self._number.get
        numbers = [get(word, -1) for word in tokens(text)]
        # most words are not in the draft: a phrase is looked up only where at most one of its six is a stranger
        last = before = -1
        for end, number in enumerate(numbers):
            if number < 0:
                before, last = last, end
            start = end - LONG + 1
            if before < start >= 0:
                self._hold(flag, tuple(numbers[start : end + 1]))

    def copied(self) -> tuple[list[str], list[str]]:
        """The draft's words that one to four flags hold: word for word, and where one word differs."""
        held = [key for key, flags in self._found.items() if 1 <= len(flags) <= FEW]
        exact = {at for key in held if key[0] < 0 for at in self._places[key]}
        near = {at for key in held if key[0] >= 0 for at in self._places[key]}
        # a phrase that overlaps one that is copied word for word says nothing new
        covered = {at + shift for at in exact for shift in range(-LONG, LONG + 1)}
        return self._runs(exact), self._runs(near - covered)

    def _runs(self, places: set[int]) -> list[str]:
        """The words of the draft at these places; phrases that overlap are one."""
        runs: list[tuple[int, int]] = []
        for at in sorted(places):
            if runs and at <= runs[-1][1]:
                runs[-1] = (runs[-1][0], at + LONG)
            else:
                runs.append((at, at + LONG))
        return [" ".join(self._words[start:end]) for start, end in runs]

    def _hold(self, flag: Hashable, phrase: tuple[int, ...]) -> None:
        places: Sequence[int] = [phrase.index(-1)] if -1 in phrase else range(-1, LONG)
        for key in self._keys(phrase, places):
            flags = self._found.get(key)
            if flags is not None and len(flags) <= FEW:
                flags.add(flag)

    def _keys(self, phrase: tuple[int, ...], places: Sequence[int]) -> list[_Key]:
        """The phrase as it stands, and with each place left open where enough of the rest says something."""
        keys: list[_Key] = []
        for place in places:
            rest = phrase if place < 0 else phrase[:place] + phrase[place + 1 :]
            if place < 0 or sum(self._says[number] for number in rest) >= CONTENT:
                keys.append((place, rest))
        return keys
