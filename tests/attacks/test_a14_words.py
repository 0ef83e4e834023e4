"""A14: know somebody's sentences, and find them in the report.

Against everything that is made of numbers: page, files and frozen bytes. What guardians write beside them passes the text
check, which has tests of its own.
"""

import random

import pytest

from tests.attacks.games import HALF, Score, best_guess
from tests.cast import Instance
from tests.disclosure.canaries import WRITTEN, released, runs, tell_and_close

pytestmark = pytest.mark.attack

WORDS = "lift night ward alarm nurse stuck door again porter keys battery monitor theatre bleep handover chart".split()


def quoting_report(flags: list[str], rng: random.Random) -> str:
    """Counts, and under them “what staff say”: some sentences, shortened and without their author."""
    chosen = rng.sample(flags, 5)
    return f"{len(flags)} flags. What staff say: " + " … ".join(" ".join(text.split()[3:15]) for text in chosen)


def test_a14_succeeds_against_a_report_with_quotes() -> None:
    """Whether hers is among the quoted ones: six words in a row say so."""
    rng, guesses = random.Random(24), []
    for _ in range(100):
        flags = [" ".join(rng.choices(WORDS, k=20)) for _ in range(10)]
        page = quoting_report(flags, rng)
        quoted = " ".join(flags[0].split()[3:15]) in page
        guesses.append(bool(runs(flags[0]) & runs(page)) == quoted)
    assert Score.of(guesses) == Score(100, 100)
    assert not Score.of(guesses).keeps(best_guess(HALF))


def test_a14_fails_against_everything_that_is_released(instance: Instance) -> None:
    tell_and_close(instance, 20)
    known = {run for text in WRITTEN for run in runs(text, 3)}
    assert all(not known & runs(text, 3) for text in released(instance).values())
