"""Finds flags like one another, and words that are new among flags: content only, never who may have written."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from concerns.themes.stemming import Stems, Word, telling
from concerns.words.rules import spot

#: from here on two flags may tell of one event: measured, four in five that do, and one in six of those alone
FLOOR = 0.15
#: words that may rise by chance where nothing is new, at most, on average; measured, one look in five shows any
_BY_CHANCE = 0.8

Vector = Mapping[str, float]


class Alike(NamedTuple):
    """A text of the pool, by its place there, and its likeness from 0 to 1."""

    place: int
    likeness: float


class Rising(NamedTuple):
    """A word as most new flags have it, how many of them, and the logarithm of its odds against the older ones."""

    word: str
    flags: int
    log_odds: float


def similar(text: str, pool: Sequence[str], floor: float = FLOOR, k: int = 3) -> list[Alike]:
    """The k texts of the pool most like this one, from the floor on, the likest first."""
    return _likest([text], pool, floor, k)


def more_like(texts: Sequence[str], pool: Sequence[str], k: int = 10) -> list[Alike]:
    """The k texts of the pool most like these ones taken together, the likest first; those with no word in common never."""
    return _likest(texts, pool, 0.0, k)


def rising(new: Iterable[str], old: Iterable[str], n: int = 10, min_flags: int = 3) -> list[Rising]:
    """The n words that are in more of the new flags than chance would put there, the least by chance first.

    What may identify somebody is taken out first, so that no name rises.
    """
    stems = Stems()
    fresh = [_unnamed(text, stems) for text in new]
    # a name in the older ones lets nothing rise, and looking for it takes its time
    earlier = [{word.stem for word in stems.learn(text) if word.telling} for text in old]
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for found in fresh:
        for stem, form in {(word.stem, form) for word, form in found}:
            forms[stem][form] += 1
    now = Counter(stem for found in fresh for stem in {word.stem for word, _form in found})
    everywhere = now + Counter(stem for found in earlier for stem in found)
    every = len(fresh) + len(earlier)
    chance = {
        stem: _chance(flags, len(fresh), everywhere[stem], every) for stem, flags in now.items() if flags >= min_flags
    }
    level = _level([_chance(count, len(fresh), count, every) for count in everywhere.values() if count >= min_flags])
    risen = [stem for stem in chance if chance[stem] <= level]
    return [
        Rising(
            min(forms[stem], key=lambda form: (-forms[stem][form], form)),
            now[stem],
            _log_odds(now[stem], len(fresh)) - _log_odds(everywhere[stem] - now[stem], len(earlier)),
        )
        for stem in sorted(risen, key=lambda stem: (chance[stem], stem))[:n]
    ]


def holding(word: str, texts: Iterable[str]) -> list[int]:
    """The places of the texts that have this word in any of its forms."""
    stems = Stems()
    wanted = {one.stem for one in stems.learn(word)}
    return [place for place, text in enumerate(texts) if wanted & {one.stem for one in stems.read(text)}]


def same(text: str, other: str) -> bool:
    """Whether two texts say the same, word for word."""
    return text.casefold().split() == other.casefold().split()


def _likest(texts: Sequence[str], pool: Sequence[str], floor: float, k: int) -> list[Alike]:
    stems = Stems()
    asked = [Counter(telling(stems.learn(text))) for text in texts]
    # what no asked word is kin to keeps its form: that saves most of the time, and tells texts apart as well
    there = stems.counts(pool)
    texts_with: Counter[str] = Counter()
    for counted in (*asked, *there):
        texts_with.update(counted.keys())
    every = len(asked) + len(there)
    rarity = {stem: math.log(1 + every / count) for stem, count in texts_with.items()}
    query: dict[str, float] = defaultdict(float)
    for counted in asked:
        for stem, weight in _unit(dict(zip(counted, _weights(counted, rarity), strict=True))).items():
            query[stem] += weight
    query = _unit(query)
    scored = [Alike(place, _likeness(query, counted, rarity, floor)) for place, counted in enumerate(there)]
    found = [one for one in scored if one.likeness >= floor and one.likeness > 0]
    return sorted(found, key=lambda one: (-one.likeness, one.place))[:k]


def _weights(counted: Mapping[str, int], rarity: Vector) -> list[float]:
    """How much each of its stems says of a text, in their order."""
    return [(1 + math.log(times)) * rarity[stem] for stem, times in counted.items()]


def _unit(vector: Vector) -> dict[str, float]:
    length = math.hypot(*vector.values()) or 1.0
    return {stem: weight / length for stem, weight in vector.items()}


def _likeness(query: Vector, counted: Mapping[str, int], rarity: Vector, floor: float) -> float:
    """The cosine of a text and the query, which has the length 1; 0 for what cannot reach the floor."""
    shared = sorted(query.keys() & counted.keys())
    # by Cauchy's inequality it is no more than the length of what the query has in common with it
    if not shared or math.hypot(*[query[stem] for stem in shared]) < floor:
        return 0.0
    in_common = _weights({stem: counted[stem] for stem in shared}, rarity)
    dot = math.fsum(weight * query[stem] for stem, weight in zip(shared, in_common, strict=True))
    return min(1.0, dot / math.hypot(*_weights(counted, rarity)))


def _unnamed(text: str, stems: Stems) -> list[tuple[Word, str]]:
    """The telling words of a text, with their forms, once what may identify somebody is blotted out."""
    plain = list(text)
    for span in spot(text):
        plain[span.start : span.end] = " " * (span.end - span.start)
    line = "".join(plain)
    return [(word, line[word.start : word.end].lower()) for word in stems.learn(line) if word.telling]


def _log_odds(flags: int, of: int) -> float:
    return math.log((flags + 0.5) / (of - flags + 0.5))


def _level(least: Iterable[float]) -> float:
    """How unlikely a rise has to be, so that few of all these words rise by chance (Tarone's correction).

    Given how unlikely each word's rise could be at most: a word that cannot be unlikely enough is no chance for an error.
    """
    ordered = sorted(least)
    enough = (many for many in range(1, len(ordered)) if ordered[many] > _BY_CHANCE / many)
    return _BY_CHANCE / next(enough, max(1, len(ordered)))


def _chance(flags: int, new: int, everywhere: int, every: int) -> float:
    """How likely it is that of all flags with a word so many or more are new ones, if being new had no part in it."""
    ways = sum(
        math.comb(everywhere, hits) * math.comb(every - everywhere, new - hits)
        for hits in range(flags, min(new, everywhere) + 1)
    )
    return ways / math.comb(every, new)
