"""Measures suggestions on labelled texts: what `concerns evaluate` prints."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from concerns.themes.engine import Engine, Suggestion
from concerns.themes.labelled import BadInput, Labelled, read_labelled
from concerns.themes.rules import ThemeFacts

#: a later theme that scores this much of the first is taken for meant as well
_MEANT = 0.8


@dataclass(frozen=True)
class Measured:
    """How well suggestions fit; shares of the n texts that were scored, and of the strong ones among them."""

    n: int
    #: the first suggestion is one of the text's themes; one of the first three is
    top1: float
    top3: float
    macro_f1: float
    #: how many of the strong first suggestions are right, and how many first suggestions are strong
    strong_precision: float
    strong_share: float


def evaluated(path: Path, themes: Sequence[ThemeFacts], train: int, seed: int) -> tuple[str, str]:
    """The measures of a CSV file as JSON, and a remark where fewer rows could be learnt from. Raises BadInput."""
    rows = read_labelled(path, themes)
    if len(rows) < 2:
        raise BadInput(f"{path} holds one row with a theme: there is none to learn from and one to score.")
    measured = asdict(measure(themes, rows, train, seed))
    most = len(rows) // 2
    remark = f"Learnt from {most} rows: half of those with a theme." if train > most else ""
    return json.dumps({name: round(value, 4) for name, value in measured.items()}), remark


def halves(rows: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """A random half to learn from, in random order, and the other one to score."""
    shuffled = list(rows)
    Random(seed).shuffle(shuffled)  # noqa: S311  (a repeatable split, no secret)
    return shuffled[: len(shuffled) // 2], shuffled[len(shuffled) // 2 :]


def measure(themes: Sequence[ThemeFacts], rows: Sequence[Labelled], train: int, seed: int) -> Measured:
    """Learn from the first rows of a random half, and score the other half."""
    learning, scored = halves(rows, seed)
    engine = Engine(themes).fit(learning[:train])
    answers = [(engine.suggest(row.text, len(themes)), row.codes) for row in scored]
    return _measured(answers, [theme.code for theme in themes])


def _measured(answers: Sequence[tuple[Sequence[Suggestion], Collection[str]]], codes: Iterable[str]) -> Measured:
    first = [found[0].theme.code in true for found, true in answers]
    strong = [right for right, (found, _true) in zip(first, answers, strict=True) if found[0].strength == "strong"]
    return Measured(
        n=len(answers),
        top1=_share(first),
        top3=_share([any(one.theme.code in true for one in found[:3]) for found, true in answers]),
        macro_f1=_macro_f1([(_meant(found), true) for found, true in answers], codes),
        strong_precision=_share(strong),
        strong_share=len(strong) / len(answers),
    )


def _meant(found: Sequence[Suggestion]) -> set[str]:
    """The first theme, and every other one that comes near it."""
    near = (one for one in found[1:] if 0 < _MEANT * found[0].score <= one.score)
    return {found[0].theme.code, *(one.theme.code for one in near)}


def _macro_f1(pairs: Iterable[tuple[Collection[str], Collection[str]]], codes: Iterable[str]) -> float:
    """The mean of F1 over the themes that were meant, or said, at least once."""
    hits: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for said, true in pairs:
        hits.update(set(said) & set(true))
        named.update([*said, *true])
    return _mean_f1({code: 2 * hits[code] / named[code] for code in codes if named[code]})


def _mean_f1(by_theme: Mapping[str, float]) -> float:
    return sum(by_theme.values()) / len(by_theme) if by_theme else 0.0


def _share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths) if truths else 0.0
