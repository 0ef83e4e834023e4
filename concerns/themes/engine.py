"""Suggests themes for a text: the admin's keywords from the first flag on, and what guardians confirmed since."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Self

from concerns.themes.centroids import Centroids
from concerns.themes.keywords import Rules
from concerns.themes.reading import Reading
from concerns.themes.rules import ThemeFacts
from concerns.themes.stemming import Stems, telling, words

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


@dataclass(frozen=True)
class Suggestion:
    """A theme that a text may be about, and the words of the text that speak for it."""

    theme: ThemeFacts
    score: float
    strength: Strength
    because: tuple[str, ...]


class Engine:
    """Learns from texts whose themes were confirmed, and suggests themes for others.

    It remembers words and sums, no text; what `suggest` is asked about leaves no trace in it.
    """

    _stems: Stems
    #: texts by theme
    _confirmed: Counter[str]

    def __init__(self, themes: Iterable[ThemeFacts], extra_scores: ExtraScores | None = None) -> None:
        self.themes = tuple(themes)
        self._extra_scores = extra_scores
        self._theme_of = {theme.code: theme for theme in self.themes}
        self._codes = list(self._theme_of)
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

    def forget(self, text: str, codes: Collection[str]) -> None:
        """Be as if this text, which was learnt from with these codes, had never been."""
        known = frozenset(codes).intersection(self._codes)
        self._confirmed.subtract(known)
        self._confirmed += Counter()  # none is kept that is zero
        self._centroids.take_out(telling(self._stems.read(text)), known)

    def suggest(self, text: str, k: int = 3) -> list[Suggestion]:
        """The k themes that fit best, best first."""
        reading = self._read(text)
        # where nothing tells them apart, the theme that was confirmed more often comes first, then the admin's order
        order = sorted(self._codes, key=lambda code: (-reading.scores[code], -self._confirmed[code]))
        scores = [reading.scores[code] for code in order]
        found = []
        for rank, code in enumerate(order[:k]):
            because = reading.because(code, self._learnt_reasons(reading, code))
            strength = _strength(rank, scores, bool(because))
            found.append(Suggestion(self._theme_of[code], scores[rank], strength, because))
        return found

    def among(self, themes: Iterable[ThemeFacts], met: dict[str, str] | None = None) -> "Engine":
        """The engine that the same texts would have made for other themes, by their codes.

        Only what describes a theme is read anew. Texts of a theme that is none of these teach no theme, and a theme
        that is new was not taught by any. `met` takes the words of texts that are asked about: see `Stems.knowing`.
        """
        made = Engine(themes, self._extra_scores)
        before, after = _descriptions(self.themes), _descriptions(made.themes)
        centroids = self._centroids.among(list({**before, **after}))
        for code, described in before.items():
            if after.get(code) != described:
                centroids.take_out(telling(words(described)), [code])
        for code, described in after.items():
            if before.get(code) != described:
                centroids.add(telling(words(described)), [code])
        made._centroids = centroids.among(made._codes)
        made._confirmed = Counter({code: n for code, n in self._confirmed.items() if code in after})
        made._stems = made._stems.knowing(made._centroids.stems, met)
        return made

    def plain(self, least: int = 1) -> dict[str, Any]:
        """What was learnt, as JSON may write it, without words that fewer texts than these have."""
        return {"confirmed": self._confirmed, "centroids": self._centroids.plain(least)}

    def know(self, plain: Mapping[str, Any]) -> Self:
        """Know what `plain` says, in place of what was learnt. A copy of an engine may, and leaves that one as it is."""
        self._confirmed = Counter(plain["confirmed"])
        self._centroids = Centroids(self._codes).know(plain["centroids"])
        self._stems = self._stems.knowing(self._centroids.stems)
        return self

    def _start(self) -> None:
        self._stems = Stems()
        self._rules = Rules(self.themes, self._stems)
        self._confirmed = Counter()
        self._centroids = Centroids(self._codes)
        for code, described in _descriptions(self.themes).items():
            self._centroids.add(telling(self._stems.learn(described)), [code])

    def _read(self, text: str) -> Reading:
        reading = Reading(text, self._stems.read(text), self._rules)
        prior, learnt = reading.prior(), dict.fromkeys(self._codes, 0.0)
        if self._confirmed:
            reading.query = self._centroids.query(reading.telling)
            cosines = self._centroids.likeness(reading.query)
            low, reading.spread = min(cosines.values()), max(cosines.values()) - min(cosines.values())
            learnt = {code: (cosine - low) / (reading.spread or 1.0) for code, cosine in cosines.items()}
        for code in self._codes:
            share = self._share(code)
            reading.scores[code] = (1 - share) * prior.get(code, 0.0) + share * learnt[code]
        if self._extra_scores is not None:
            extra = self._extra_scores(text)
            for code, own in reading.scores.items():
                reading.scores[code] = (1 - _EXTRA) * own + _EXTRA * min(1.0, max(0.0, extra.get(code, 0.0)))
        return reading

    def _share(self, code: str) -> float:
        """With n confirmations of a theme, what was learnt of it counts n/(n+4) of all that it may."""
        return _LEARNT * self._confirmed[code] / (self._confirmed[code] + _HALF)

    def _learnt_reasons(self, reading: Reading, code: str) -> dict[str, float]:
        """What each stem adds to a theme's score by what was learnt."""
        if not self._share(code) or not reading.spread:
            return {}
        scale = self._share(code) / reading.spread
        return {stem: scale * part for stem, part in self._centroids.parts(reading.query, code).items()}


@lru_cache(maxsize=4)
def cold_engine(themes: tuple[ThemeFacts, ...]) -> Engine:
    """The engine of a theme set, before anything is learnt. Definitions are public, so the process may keep it."""
    return Engine(themes)


def _descriptions(themes: Iterable[ThemeFacts]) -> dict[str, str]:
    """By code, what a theme is described by."""
    return {theme.code: " ".join([theme.name, theme.definition, *theme.keywords]) for theme in themes}


def _strength(rank: int, scores: Sequence[float], shown: bool) -> Strength:
    score = scores[rank]
    if not shown:
        return "unsure"
    if rank:
        return "possible" if score >= NEAR * scores[0] else "unsure"
    lead = score - (scores[1] if len(scores) > 1 else 0.0)
    return "strong" if lead >= STRONG_LEAD else "possible" if lead >= UNSURE_LEAD else "unsure"
