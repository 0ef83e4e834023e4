"""Suggestions: the same event among many flags, words that rise where a theme is missing, and what the engine costs.

All texts are invented: `events.toml` beside this file, and what the demo's reporters say.
"""

import gc
import tomllib
import tracemalloc
from pathlib import Path
from random import Random

import pytest

from concerns.demo.phrasebook import phrasebook
from concerns.demo.wording import Writer
from concerns.themes.engine import Engine
from concerns.themes.likeness import FLOOR, Rising, rising, similar
from concerns.themes.packs import load_pack
from concerns.themes.stemming import stem, words
from tests.bench.measure import calibration, say, spent

pytestmark = pytest.mark.bench
EVENTS = tomllib.loads(Path(__file__).with_name("events.toml").read_text(encoding="utf-8"))["events"]
THEMES = load_pack("nhs").themes
#: flags already sorted, new ones of the same themes, and new ones of a theme that nobody configured
OLD, NEW, HIDDEN = 200, 30, 12
TRIALS = 42


def told(length: int | None) -> list[tuple[int, str]]:
    """Every telling with its event's number, whole or its first words alone."""
    return [
        (event, " ".join(text.split()[:length])) for event, found in enumerate(EVENTS) for text in found["tellings"]
    ]


def found_again(length: int | None, *, with_floor: bool) -> float:
    """For how many tellings another one of the same event is among the first three."""
    texts, hits = told(length), 0
    for place, (event, text) in enumerate(texts):
        pool = texts[:place] + texts[place + 1 :]
        alike = similar(text, [other for _event, other in pool], FLOOR if with_floor else 0.0)
        hits += any(pool[one.place][0] == event for one in alike)
    return hits / len(texts)


@pytest.mark.parametrize(("length", "least"), [(None, 0.94), (25, 0.82)])
def test_the_same_event_is_among_the_first_three(length: int | None, least: float) -> None:
    share, shown = (found_again(length, with_floor=floor) for floor in (False, True))
    kind = "whole texts" if length is None else f"{length} words"
    print(
        f"\nSame event, {len(told(None))} tellings of {len(EVENTS)} events, {kind}: {share:.3f} in the first three",
        end="",
    )
    print(f"; above the floor {shown:.3f}")
    assert share >= least


def trial(seed: int, hidden: str) -> tuple[list[str], list[str], list[str]]:
    """Flags sorted before, new ones of the same themes, and new ones of the hidden theme."""
    rng = Random(seed)
    writer, settings = Writer("nhs", rng), sorted(phrasebook("nhs").settings)
    others = [theme.code for theme in THEMES if theme.code != hidden]

    def tell(theme: str) -> str:
        fitting = [setting for setting in settings if phrasebook("nhs").cores(theme, setting)]
        return writer.flag((theme,), rng.choice(fitting))

    texts = [tell(rng.choice(others)) for _ in range(OLD + NEW)]
    rng.shuffle(texts)
    return texts[:OLD], texts[OLD:], [tell(hidden) for _ in range(HIDDEN)]


def belongs(one: Rising, flags: list[str]) -> bool:
    """Whether most of the flags that a risen word stands for are among these."""
    return sum(stem(one.word) in {word.stem for word in words(text)} for text in flags) * 2 > one.flags


def test_words_of_a_hidden_theme_rise_and_others_seldom_do() -> None:
    hits = false = 0
    for seed in range(TRIALS):
        old, new, hidden = trial(seed, THEMES[seed % len(THEMES)].code)
        hits += any(belongs(one, hidden) for one in rising([*new, *hidden], old))
        false += bool(rising(new, old))
    print(f"\nRising words: a hidden theme found in {hits / TRIALS:.2f} of {TRIALS} trials, ", end="")
    print(f"a false alarm in {false / TRIALS:.2f}")
    assert hits / TRIALS >= 0.60
    assert false / TRIALS <= 0.25


def test_fitting_and_suggesting_are_cheap() -> None:
    rng = Random(1)
    writer = Writer("nhs", rng)
    codes = [theme.code for theme in THEMES]
    setting = min(phrasebook("nhs").settings)
    labelled = [(" ".join(writer.flag((code,), setting) for _ in range(3)), {code}) for code in codes * 36][:500]
    calibration()
    gc.collect()
    tracemalloc.start()
    engine = Engine(THEMES).fit(labelled)
    engine.suggest(labelled[0][0])
    grown = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    with spent() as fitting:
        Engine(THEMES).fit(labelled).suggest("")
    with spent() as suggesting:
        for text, _codes in labelled[:200]:
            engine.suggest(text)
    length = sum(len(text.split()) for text, _codes in labelled) // len(labelled)
    say(f"Learning from 500 texts of {length} words", fitting.seconds)
    say(f"Suggesting for a text of {length} words", suggesting.seconds, 200)
    print(f"The engine takes {grown:.1f} MB")
    assert fitting.seconds <= 1
    assert suggesting.seconds / 200 <= 0.002
    assert grown <= 30
