"""Wider wordings fit in place of what they stand for."""

import pytest

from concerns.words.rules import Span, spot
from concerns.words.widening import WIDER, Wider, wider
from tests.words.spotting import FIXTURE


def widened(text: str) -> str:
    """The text with every detail in its wider wording, and with … where there is none."""
    for span in reversed(spot(text)):
        offered = wider(text, span)
        text = text[: span.start] + (offered.text if offered else "…") + text[span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("He fell on Tuesday night and lay there", "He fell recently and lay there"),
        ("On Tuesday night he fell", "Recently he fell"),
        ("since last Tuesday nobody came", "since a recent day nobody came"),
        ("It was on 12 May 2024", "It was in May"),
        ("It was on 12/05/2024", "It was in May"),
        ("since 2024-05-12", "since May"),
        ("She rang at 2.15am", "She rang at night"),
        ("She rang at 14:30", "She rang in the afternoon"),
        ("She rang at half past two", "She rang at some point"),
        ("the ward manager hid it", "A senior colleague hid it"),
        ("Dave hid it", "A colleague hid it"),
        ("it was Dave's idea", "it was a colleague's idea"),
        ("Nurse Kelly and Dr Khan saw it", "A nurse and a doctor saw it"),
        ("somebody called Dave", "somebody called …"),
        ("we were on Elm ward bay 3 bed 12", "we were on a ward"),
        ("they live at 12 Alder Road", "they live at an address"),
        ("ring me on 07700 900123", "ring me on [phone number]"),
        ("I was the only one on shift", "There were few of us on shift"),
        ("my 7 year old son", "A child"),
    ],
)
def test_a_wider_wording_fits(text: str, wide: str) -> None:
    assert widened(text) == wide


def test_codes_and_english() -> None:
    span = Span(10, 13, "name", "strong")
    assert wider("I told my Raj", span) == Wider("a-colleague", "a colleague")
    assert WIDER["in-may"] == "in May" and WIDER["phone"] == "[phone number]"


def test_every_offer_of_the_fixture_has_a_code() -> None:
    offers = [wider(row["text"], span) for row in FIXTURE for span in spot(row["text"])]
    assert {offer.code for offer in offers if offer} <= set(WIDER)
