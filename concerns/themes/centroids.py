"""What guardians' confirmations teach: one TF-IDF centroid a theme, kept as whole numbers so that no order matters."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self

#: one, in the whole numbers that are added up
_ONE = 1 << 20
#: of the mean of the other themes, this much is taken away
_AGAINST = 0.25


class Centroids:
    """The sums of what each theme's texts say. Words are stems that tell something."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = tuple(codes)
        self._texts = 0
        #: texts by theme
        self._of: Counter[str] = Counter()
        #: texts by word
        self._with: Counter[str] = Counter()
        #: by word: its sum over all texts, and by theme
        self._all: Counter[str] = Counter()
        self._sums: dict[str, dict[str, int]] = defaultdict(dict)
        self._lengths: dict[str, float] | None = None

    def add(self, stems: Iterable[str], codes: Collection[str]) -> None:
        """Take in a text of these themes."""
        for stem, whole in _weighed(stems):
            self._with[stem] += 1
            self._all[stem] += whole
            sums = self._sums[stem]
            for code in codes:
                sums[code] = sums.get(code, 0) + whole
        self._texts += 1
        self._of.update(codes)
        self._lengths = None

    def take_out(self, stems: Iterable[str], codes: Collection[str]) -> None:
        """Be as if such a text had never been added; words that were left out since are passed over."""
        for stem, whole in _weighed(stems):
            if stem not in self._with:
                continue
            self._with[stem] -= 1
            self._all[stem] -= whole
            sums = self._sums[stem]
            for code in codes:
                left = sums.pop(code, 0) - whole
                if left:
                    sums[code] = left
            if not self._with[stem]:
                del self._with[stem], self._all[stem], self._sums[stem]
        self._texts -= 1
        self._of.subtract(codes)
        self._lengths = None

    def among(self, codes: Sequence[str]) -> "Centroids":
        """A copy for other themes: the texts of a theme that is none of them stay, as texts of no theme."""
        made = Centroids(codes)
        made._texts = self._texts
        made._of = Counter({code: many for code, many in self._of.items() if code in codes})
        made._with, made._all = self._with.copy(), self._all.copy()
        for stem, sums in self._sums.items():
            made._sums[stem] = {code: whole for code, whole in sums.items() if code in codes}
        return made

    @property
    def stems(self) -> Collection[str]:
        """Every word that was met."""
        return self._with.keys()

    def plain(self, least: int = 1) -> dict[str, Any]:
        """What was learnt, as JSON may write it, without words that fewer texts than these have.

        Most words are in one text alone: those are gathered by its themes, for they are half the time of reading it.
        """
        kept = {stem: count for stem, count in self._with.items() if count >= max(2, least)}
        once: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        for stem, count in self._with.items():
            if count == least == 1:
                once[tuple(self._sums[stem])][stem] = self._all[stem]
        return {
            "texts": self._texts,
            "of": self._of,
            "with": kept,
            "all": {stem: self._all[stem] for stem in kept},
            "sums": {stem: self._sums[stem] for stem in kept},
            "once": list(once.items()),
            "lengths": self._measured(),
        }

    def know(self, plain: Mapping[str, Any]) -> Self:
        """Know what `plain` says, in place of what was learnt."""
        self._texts, self._lengths = plain["texts"], plain["lengths"]
        self._of, self._with, self._all = (Counter(plain[name]) for name in ("of", "with", "all"))
        self._sums = defaultdict(dict, plain["sums"])
        for codes, wholes in plain["once"]:
            # no word is there yet, so that nothing has to be added up
            dict.update(self._with, dict.fromkeys(wholes, 1))
            dict.update(self._all, wholes)
            self._sums.update({stem: dict.fromkeys(codes, whole) for stem, whole in wholes.items()})
        return self

    def likeness(self, query: Mapping[str, float]) -> dict[str, float]:
        """By theme, the cosine of a text and the theme's centroid."""
        against, own = 0.0, dict.fromkeys(self._codes, 0.0)
        for stem, weight in query.items():
            against += weight * self._all[stem]
            for code, total in self._sums[stem].items():
                own[code] += weight * total
        lengths, shares = self._measured(), {code: self._shares(code) for code in self._codes}
        return {code: (shares[code][0] * own[code] - shares[code][1] * against) / lengths[code] for code in own}

    def parts(self, query: Mapping[str, float], code: str) -> dict[str, float]:
        """What each word of a text adds to that cosine for one theme."""
        mine, other = self._shares(code)
        length = self._measured()[code]
        return {
            stem: weight * (mine * self._sums[stem].get(code, 0) - other * self._all[stem]) / length
            for stem, weight in query.items()
        }

    def query(self, stems: Iterable[str]) -> dict[str, float]:
        """The text as a vector of length 1, times the rarity that the centroids' words have still to be given."""
        counted = {stem: 1 + math.log(times) for stem, times in Counter(stems).items() if stem in self._with}
        rarity = {stem: self._rarity(stem) for stem in counted}
        length = _length(weight * rarity[stem] for stem, weight in counted.items())
        return {stem: weight * rarity[stem] ** 2 / length for stem, weight in counted.items()}

    def _rarity(self, stem: str) -> float:
        return math.log(1 + (1 + self._texts) / (1 + self._with[stem]))

    def _shares(self, code: str) -> tuple[float, float]:
        """The centroid is `own` times the theme's sum, less `other` times the sum of all."""
        own = self._of[code] or 1
        other = _AGAINST / max(1, self._texts - own)
        return 1 / own + other, other

    def _measured(self) -> Mapping[str, float]:
        """The length of each centroid."""
        if self._lengths is None:
            squares: dict[str, list[float]] = {code: [] for code in self._codes}
            rest = []
            shares = {code: self._shares(code) for code in self._codes}
            for stem, total in self._all.items():
                rarity = self._rarity(stem) ** 2
                rest.append(rarity * total**2)
                for code, own in self._sums[stem].items():
                    mine, other = shares[code]
                    squares[code].append(rarity * ((mine * own - other * total) ** 2 - (other * total) ** 2))
            everything = math.fsum(rest)
            self._lengths = {
                code: math.sqrt(max(0.0, math.fsum(found) + self._shares(code)[1] ** 2 * everything)) or 1.0
                for code, found in squares.items()
            }
        return self._lengths


def _weighed(stems: Iterable[str]) -> list[tuple[str, int]]:
    """What each stem of a text adds."""
    counted = {stem: 1 + math.log(times) for stem, times in Counter(stems).items()}
    length = _length(counted.values())
    return [(stem, round(weight / length * _ONE)) for stem, weight in counted.items()]


def _length(weights: Iterable[float]) -> float:
    return math.sqrt(math.fsum(weight * weight for weight in weights)) or 1.0
