"""The text check: a draft against every flag that a guardian can open."""

import random

import pytest

from concerns.words.checking import check
from tests.bench.measure import calibration, say, spent
from tests.words.spotting import FIXTURE

pytestmark = pytest.mark.bench
FLAGS, LENGTH, MOST_SECONDS = 2_000, 1_200, 1.0


def test_a_draft_against_two_thousand_flags() -> None:
    chance = random.Random(1)
    words = " ".join(row["text"] for row in FIXTURE).split()
    told = [(str(number), " ".join(chance.choices(words, k=LENGTH // 6))[:LENGTH]) for number in range(FLAGS)]
    draft = " ".join(chance.choices(words, k=200))
    calibration()
    with spent() as checking:
        check(draft, told)
    say(f"Checking 200 words against {FLAGS:,} flags of {LENGTH:,} characters", checking.seconds)
    assert checking.seconds < MOST_SECONDS
