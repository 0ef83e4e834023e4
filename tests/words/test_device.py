"""The script on the device finds what Python finds, on the fixture and on anything else."""

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.words.rules import spot
from concerns.words.widening import WIDER, wider
from tests.words.spotting import FIXTURE, on_device

TOKENS = sorted({word for row in FIXTURE for word in row["text"].split()})
ODD = ["😀", "\0", "\ud800", "é", "e\u0301", "\u200d", "ſ", "\u212a", "İ", "ß", "\u2028", "\x85", "\x1c", "\ufeff", "ﬁ", "٣", "Ａ", "ł"]  # fmt: skip
MOST = 15_000


def paired(text: str) -> bool:
    """Two lone halves side by side: JavaScript cannot tell them from one whole sign."""
    return any("\ud800" <= one <= "\udbff" and "\udc00" <= two <= "\udfff" for one, two in pairwise(text))


def mixed(number: int) -> list[str]:
    """Texts made of the fixture's words and odd signs, always the same ones."""
    chance = random.Random(7)
    gaps = ["", " ", " ", " ", ". ", "\n", "  ", "-", "/"]
    return [
        "".join(chance.choice(TOKENS if chance.random() < 0.9 else ODD) + chance.choice(gaps) for _ in range(25))
        for _ in range(number)
    ]


def anything(number: int) -> list[str]:
    """Texts that hypothesis makes up."""
    texts: list[str] = []

    @settings(max_examples=number, derandomize=True, database=None)
    @given(st.text(st.characters(), max_size=200) | st.text("aA1 .@'-/:😀\ud800", max_size=80))
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts


def test_python_and_the_device_agree() -> None:
    texts = [row["text"] for row in FIXTURE] + mixed(400) + anything(300)
    texts = [text for text in texts if not paired(text)]
    device = on_device(texts)
    here = [[[span.start, span.end, span.kind, span.tier] for span in spot(text)] for text in texts]
    assert device["spans"] == here
    offered = [[wider(text, span) for span in spot(text)] for text in texts]
    assert device["wider"] == [[one and {"code": one.code, "text": one.text} for one in row] for row in offered]
    assert device["wordings"] == WIDER
    assert device["gzipped"] <= MOST
