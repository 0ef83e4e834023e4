"""However a phone, a PDF or another keyboard wrote it, the same word is the same word."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.words.matching import plain


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Don’t, don‘t, donʼt", "don't, don't, don't"),
        ("follow‑up follow–up follow‐up", "follow-up follow-up follow-up"),
        ("the o\ufb03ce on \ufb01re", "the office on fire"),
        ("sui\u00adcide k\u200bnife", "suicide knife"),
        ("Café cafe\u0301 TŶ", "cafe cafe ty"),
        ("𝐊𝐧𝐢𝐟𝐞 ＫＮＩＦＥ", "knife knife"),
        ("too\u00a0few", "too few"),
        ("\u0149", "'n"),
        ("Straße, ΣΊΓΜΑΣ", "strasse, σιγμασ"),
        ("— “so” 🙂 中文", "— “so” 🙂 中文"),
    ],
)
def test_a_text_is_plain(written: str, said: str) -> None:
    assert plain(written) == said


def test_every_sign_is_made_plain_once_and_for_all() -> None:
    odd = [sign for sign in map(chr, range(sys.maxunicode + 1)) if plain(plain(sign)) != plain(sign)]
    assert odd == []


@given(st.text())
def test_any_text_is_made_plain_once_and_for_all(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(text.upper().lower()) == plain(plain(text.upper()))
