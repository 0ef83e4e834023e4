"""The spotter in Python: every kind, what stays unflagged, odd signs, and time that grows with the text alone."""

import time
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.words.rules import Span, spot
from tests.words.spotting import FIXTURE

KINDS = set(
    "name email phone nhs ni vehicle reference postcode address date time role self place handle url other".split()
)
HOSTILE = [
    *("a", "1", " ", ".", "-", "'", "(", "\n", "\0", "😀", "e\u0301"),
    *("a.", "A ", "Aa ", "0 ", "1/", "1-", "1:1", "a@", "a@b.", "x, ", "O'", "at ", "the ", "www.", "http://", "case-"),
    *(
        "Mr ",
        "Dave ",
        "Abcdefgh ",
        "monday ",
        "on monday and ",
        "ward 1 ",
        "ring me ",
        "nhs no ",
        "ref no ",
        "on the 1 ",
    ),
    *("12 abc ", "as the only ", "i was the only ", "head of the ", "quarter past ", "insta: a"),
]


def told(text: str) -> list[list[str]]:
    return [[span.kind, span.tier, text[span.start : span.end]] for span in spot(text)]


def test_the_fixture_covers_every_kind_and_many_clean_sentences() -> None:
    kinds = Counter(kind for row in FIXTURE for kind, _, _ in row["spans"])
    assert set(kinds) == KINDS
    assert sum(bool(row["spans"]) for row in FIXTURE) >= 150
    assert sum(not row["spans"] for row in FIXTURE) >= 60


@pytest.mark.parametrize("row", FIXTURE, ids=lambda row: ascii(row["text"])[:40])
def test_the_fixture(row: dict[str, Any]) -> None:
    assert told(row["text"]) == row["spans"]


def test_offsets_count_code_points() -> None:
    assert spot("😀😀 told Raj") == [Span(8, 11, "name", "strong")]
    assert spot("Zoe\u0308 left") == [Span(0, 4, "name", "strong")]


def test_the_check_digit_tells_an_nhs_number_from_another() -> None:
    assert told("label 9434765919 found") == [["nhs", "strong", "9434765919"]]
    assert told("label 9434765918 found") == [["reference", "strong", "9434765918"]]


def test_names_that_are_words_need_something_to_speak_for_them() -> None:
    for clean in ("May I ask?", "Will it change?", "Grace periods are short.", "the bill was hidden", "I hope so"):
        assert spot(clean) == []
    assert told("Grace said no") == [["name", "strong", "Grace"]]
    assert told("We told Mark Ellison") == [["name", "strong", "Mark Ellison"]]


def test_habits_are_no_dates() -> None:
    for clean in ("On Mondays we are short.", "every Tuesday night", "from 9am to 5pm", "Monday to Friday"):
        assert spot(clean) == []


def test_a_capital_tells_nothing_at_the_start_or_among_capitals() -> None:
    assert spot("Trolleys are left out. Trolleys again!") == []
    assert spot("Trolleys Are Left Out") == []
    assert told("we asked Quillon twice") == [["name", "weak", "Quillon"]]


@given(st.text(max_size=300))
def test_any_text_gives_sound_spans(text: str) -> None:
    spans = spot(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert {span.kind for span in spans} <= KINDS


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def took(length: int) -> float:
        text = (piece * length)[:length]
        started = time.thread_time()
        spot(text)
        return time.thread_time() - started

    # by turns, so that a while in which the machine is slow slows both; the quickest of each is what the text needs
    turns = [(took(2_000), took(16_000)) for _ in range(3)]
    short, long = (min(of_one) for of_one in zip(*turns, strict=True))
    # eight times as long takes eight times as much, and sixty-four times where it grows with the square;
    # below a few milliseconds the clock says little
    assert long < max(24 * short, 0.05)
