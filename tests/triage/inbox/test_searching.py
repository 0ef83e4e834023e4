"""A search finds a word however the reporter's device wrote it."""

import pytest

from concerns.triage.inbox.searching import found_in

TEXTS = {
    "phone": "They don’t answer in the Café.",
    "pdf": "There was no \ufb01re drill, nor a fol\u00adlow‑up.",
    "plain": "The lift is stuck.",
    "welsh": "Mae'r tŷ bach ar glo.",
}


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("don't", {"phone"}),
        ("Don’t CAFE", {"phone"}),
        ("cafe\u0301", {"phone"}),
        ("fire follow-up", {"pdf"}),
        ("tŷ", {"welsh"}),
        ("ty", {"welsh"}),
        ("stuck ramp", set()),
        ("t", {"phone", "pdf", "plain", "welsh"}),
        ("\u200b\u00ad", set()),
    ],
)
def test_every_word_is_found_as_it_is_said(words: str, where: set[str]) -> None:
    assert found_in(words, TEXTS) == where
