"""Suggests themes for a text: the admin's keywords from the first flag on, and what guardians confirmed since."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self

from concerns.themes.centroids import Centroids
from concerns.themes.keywords import Hit, Rules
from concerns.themes.rules import ThemeFacts
from concerns.themes.stemming import Stems, Word, telling

Strength = Literal["strong", "possible", "unsure"]
#: another judge of texts: a score from 0 to 1 by theme code
ExtraScores = Callable[[str], Mapping[str, float]]

#: a first theme that leads by this much is strong, and by less than the other one unsure
STRONG_LEAD, UNSURE_LEAD = 0.4, 0.05
#: a later theme is possible where it scores this much of the first
NEAR = 0.5
#: so many confirmations of a theme count as much as its keywords
_HALF = 4
#: how much of what was learnt counts beside the keywords, at most, and of another judge's scores
_LEARNT, _EXTRA = 0.5, 0.5
_MOST_WORDS = 4
#: what adds less to a score than this is no reason to show
_LEAST_REASON = 0.02


@dataclass(frozen=True)
class Suggestion:
    """A theme that a text may be about, and the words of the text that speak for it."""

    theme: ThemeFacts
    score: float
    strength: Strength
    because: tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """A text as the engine sees it: its words, and by theme what each stretch of them adds to the score."""

    text: str
    words: Sequence[Word]
    reasons: Mapping[str, Mapping[tuple[int, int], float]]
    scores: Mapping[str, float]


class Engine:
    """Learns from texts whose themes were confirmed, and suggests themes for others.

    It remembers words and sums, no text; what `suggest` is asked about leaves no trace in it.
    """

    def __init__(self, themes: Iterable[ThemeFacts], extra_scores: ExtraScores | None = None) -> None:
        self.themes = tuple(themes)
        self._extra_scores = extra_scores
        self._codes = [theme.code for theme in self.themes]
        self._start()

    def fit(self, labelled: Iterable[tuple[str, Collection[str]]]) -> Self:
        """Forget what was learnt, and learn from these texts; codes of no theme here are passed over."""
        self._start()
        for text, codes in labelled:
            self.add(text, codes)
        return self

    def add(self, text: str, codes: Collection[str]) -> None:
        """Learn from one text more."""
        known = frozenset(codes).intersection(self._codes)
        self._confirmed.update(known)
        self._centroids.add(telling(self._stems.learn(text)), known)

    def suggest(self, text: str, k: int = 3) -> list[Suggestion]:
        """The k themes that fit best, best first."""
        reading = self._read(text)
        order = sorted(
            range(len(self.themes)),
            key=lambda at: (-reading.scores[self._codes[at]], -self._confirmed[self._codes[at]], at),
        )
        scores = [reading.scores[self._codes[at]] for at in order]
        found = []
        for rank, at in enumerate(order[:k]):
            because = _because(reading, self._codes[at])
            strength = _strength(rank, scores, bool(because))
            found.append(Suggestion(self.themes[at], scores[rank], strength, because))
        return found

    def _start(self) -> None:
        self._stems = Stems()
        self._rules = Rules(self.themes, self._stems)
        self._confirmed: Counter[str] = Counter()
        self._centroids = Centroids(self._codes)
        for theme in self.themes:
            described = " ".join([theme.name, theme.definition, *theme.keywords])
            self._centroids.add(telling(self._stems.learn(described)), [theme.code])

    def _read(self, text: str) -> _Reading:
        found = self._stems.read(text)
        reasons: dict[str, dict[tuple[int, int], float]] = {code: {} for code in self._codes}
        prior = _prior(list(self._rules.hits(text, found)), len(found), reasons)
        scores = {code: prior.get(code, 0.0) for code in self._codes}
        if self._confirmed:
            learnt = self._learnt(found, reasons)
            for code in self._codes:
                # with n confirmations, what was learnt counts n/(n+4) of its share
                share = _LEARNT * self._confirmed[code] / (self._confirmed[code] + _HALF)
                scores[code] = (1 - share) * scores[code] + share * learnt[code]
        if self._extra_scores is not None:
            extra = self._extra_scores(text)
            scores = {code: (1 - _EXTRA) * own + _EXTRA * extra.get(code, 0.0) for code, own in scores.items()}
        return _Reading(text, found, reasons, {code: min(1.0, max(0.0, own)) for code, own in scores.items()})

    def _learnt(self, found: Sequence[Word], reasons: Mapping[str, dict[tuple[int, int], float]]) -> dict[str, float]:
        """Each theme's likeness to the text, stretched to 0..1 over the themes."""
        parts = self._centroids.likeness(telling(found))
        cosines = {code: sum(by_word.values()) for code, by_word in parts.items()}
        low, high = min(cosines.values()), max(cosines.values())
        if high <= low:
            return dict.fromkeys(cosines, 0.0)
        first = {word.stem: at for at, word in reversed(list(enumerate(found))) if word.telling}
        for code, by_word in parts.items():
            share = _LEARNT * self._confirmed[code] / (self._confirmed[code] + _HALF) / (high - low)
            for stem, part in by_word.items():
                place = first[stem], first[stem]
                reasons[code][place] = reasons[code].get(place, 0.0) + share * part
        return {code: (cosine - low) / (high - low) for code, cosine in cosines.items()}


@lru_cache(maxsize=4)
def cold_engine(themes: tuple[ThemeFacts, ...]) -> Engine:
    """The engine of a theme set, before anything is learnt. Definitions are public, so the process may keep it."""
    return Engine(themes)


def _prior(hits: Sequence[Hit], length: int, reasons: Mapping[str, dict[tuple[int, int], float]]) -> dict[str, float]:
    """Each theme's score by the rules alone; the highest one is near 1 where much speaks for it."""
    gained: Counter[str] = Counter()
    for hit in hits:
        gained.update(hit.gains)
    damp = 1 + math.log(1 + length / 20)
    most = max(gained.values(), default=0.0) / damp
    for hit in hits:
        for code, gain in hit.gains.items():
            place = hit.first, hit.last
            reasons[code][place] = reasons[code].get(place, 0.0) + gain / damp / (most + 0.5)
    return {code: gain / damp / (most + 0.5) for code, gain in gained.items()}


def _strength(rank: int, scores: Sequence[float], shown: bool) -> Strength:
    score = scores[rank]
    if not shown:
        return "unsure"
    if rank:
        return "possible" if score >= NEAR * scores[0] else "unsure"
    lead = score - (scores[1] if len(scores) > 1 else 0.0)
    return "strong" if lead >= STRONG_LEAD else "possible" if lead >= UNSURE_LEAD else "unsure"


def _because(reading: _Reading, code: str) -> tuple[str, ...]:
    """The words and phrases that speak most for a theme, as the text has them; none within another, none twice."""
    found: list[str] = []
    taken: set[int] = set()
    reasons = reading.reasons[code]
    for first, last in sorted(reasons, key=lambda place: (-reasons[place], place)):
        if reasons[first, last] < _LEAST_REASON or len(found) == _MOST_WORDS:
            break
        shown = reading.text[reading.words[first].start : reading.words[last].end].lower()
        shown = " ".join(shown.split())
        if not taken.intersection(range(first, last + 1)) and shown not in found:
            taken.update(range(first, last + 1))
            found.append(shown)
    return tuple(found)
