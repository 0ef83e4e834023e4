"""The admin's own words for each theme as weighted rules, which work from the first flag."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from concerns.themes.rules import ThemeFacts
from concerns.themes.stemming import Stems, Word

KEYWORD, PHRASE, NAME, DEFINITION = 1.0, 1.6, 0.8, 0.25
#: a shorter word has too many neighbours that are words of their own
_TYPO_FROM, _TYPO_TO = 6, 20


@dataclass(frozen=True)
class Hit:
    """A rule that a text meets: the stretch of its words, and what each theme gains by it."""

    first: int
    last: int
    gains: Mapping[str, float]


class Rules:
    """The keywords, names and definitions of a theme set, ready to be looked for."""

    def __init__(self, themes: Sequence[ThemeFacts], stems: Stems) -> None:
        found: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for theme in themes:
            for phrase, weight in _rules_of(theme, stems):
                found[phrase][theme.code] = max(weight, found[phrase].get(theme.code, 0.0))
        self._gains = {phrase: _shared(by_theme, len(themes)) for phrase, by_theme in found.items()}
        self._starting: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in self._gains:
            self._starting[phrase[0]].append(phrase)
        self._neighbours = dict(_neighbours(stems, self._starting))

    def hits(self, text: str, found: Sequence[Word]) -> Iterator[Hit]:
        """Every rule that these words of the text meet. The m-th repeat of one counts 1/m."""
        seen: dict[tuple[str, ...], int] = defaultdict(int)
        line = tuple(word.stem for word in found)
        for at, word in enumerate(found):
            starting: Sequence[tuple[str, ...]] | None = self._starting.get(word.stem)
            if starting is None and word.telling and _TYPO_FROM <= word.end - word.start <= _TYPO_TO:
                starting = self._mistyped(text[word.start : word.end].lower())
            for phrase in starting or ():
                rest = line[at + 1 : at + len(phrase)]
                if rest == phrase[1:]:
                    seen[phrase] += 1
                    gains = {code: gain / seen[phrase] for code, gain in self._gains[phrase].items()}
                    yield Hit(at, at + len(phrase) - 1, gains)

    def _mistyped(self, form: str) -> Sequence[tuple[str, ...]]:
        """The rules that begin with the word meant, where one letter is wrong, too many, missing or swapped."""
        meant = next((self._neighbours[cut] for cut in _cuts(form) if cut in self._neighbours), None)
        return () if meant is None else self._starting[meant]


def _rules_of(theme: ThemeFacts, stems: Stems) -> Iterator[tuple[tuple[str, ...], float]]:
    for keyword in theme.keywords:
        found = stems.learn(keyword)
        if len(found) > 1 or (found and (found[0].telling or found[0].stem.isdigit())):
            yield tuple(word.stem for word in found), PHRASE if len(found) > 1 else KEYWORD
    for text, weight in ((theme.name, NAME), (theme.definition, DEFINITION)):
        yield from (((word.stem,), weight) for word in stems.learn(text) if word.telling)


def _shared(by_theme: Mapping[str, float], themes: int) -> dict[str, float]:
    """A word that many themes have tells less."""
    part = math.log(1 + themes / len(by_theme)) / math.log(1 + themes)
    return {code: weight * part for code, weight in by_theme.items()}


def _neighbours(stems: Stems, starting: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for form in sorted(stems.forms, reverse=True):
        (word,) = stems.read(form)[:1] or (None,)
        if word is not None and word.telling and len(form) >= _TYPO_FROM and word.stem in starting:
            yield from ((cut, word.stem) for cut in _cuts(form))


def _cuts(form: str) -> Iterator[str]:
    """The word, and the word without each of its letters but the first: words one letter apart share one of these."""
    yield form
    for at in range(1, len(form)):
        yield form[:at] + form[at + 1 :]
