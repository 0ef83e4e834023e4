"""One text as the engine sees it: its words, the rules it meets, and which of its words speak for a theme."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from concerns.themes.keywords import Rules
from concerns.themes.stemming import Word, telling

MOST_REASONS = 4
#: what adds less to a score than this is no reason to show
_LEAST_REASON = 0.02
#: so many words of a text halve what its rules weigh, to begin with
_LONG = 20


class Reading:
    """A text within one call of `suggest`: it goes with it."""

    def __init__(self, text: str, found: Sequence[Word], rules: Rules) -> None:
        self.text = text
        self.words = found
        self.telling = telling(found)
        self.scores: dict[str, float] = {}
        #: the text as a vector
        self.query: Mapping[str, float] = {}
        #: between the likest and the unlikest theme, by what was learnt
        self.spread = 0.0
        self._hits = list(rules.hits(text, found))
        gained: Counter[str] = Counter()
        for hit in self._hits:
            gained.update(hit.gains)
        damp = 1 + math.log(1 + len(found) / _LONG)
        #: weights become scores: the highest is near 1 where much speaks for it
        self._scale = 1 / (max(gained.values(), default=0.0) + damp / 2)
        self._gained: Mapping[str, float] = gained

    def prior(self) -> dict[str, float]:
        """Each theme's score by the rules alone."""
        return {code: gain * self._scale for code, gain in self._gained.items()}

    def because(self, code: str, learnt: Mapping[str, float]) -> tuple[str, ...]:
        """The words and phrases that speak most for a theme, as the text has them; none within another, none twice."""
        reasons: dict[tuple[int, int], float] = defaultdict(float)
        for hit in self._hits:
            reasons[hit.first, hit.last] += hit.gains.get(code, 0.0) * self._scale
        seen: set[str] = set()
        for at, word in enumerate(self.words):
            if word.stem in learnt and word.stem not in seen:
                seen.add(word.stem)
                reasons[at, at] += learnt[word.stem]
        return self._shown(reasons)

    def _shown(self, reasons: Mapping[tuple[int, int], float]) -> tuple[str, ...]:
        shown: list[str] = []
        taken: set[int] = set()
        for first, last in sorted(reasons, key=lambda place: (-reasons[place], place)):
            if reasons[first, last] < _LEAST_REASON or len(shown) == MOST_REASONS:
                break
            words = " ".join(self.text[self.words[first].start : self.words[last].end].lower().split())
            if words not in shown and not taken.intersection(range(first, last + 1)):
                taken.update(range(first, last + 1))
                shown.append(words)
        return tuple(shown)
