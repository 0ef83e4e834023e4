"""The receipt: nine words that are easy to type back, and impossible to guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from concerns.sealing.receipt import (
    FRIGHTENING,
    WORDS,
    BadReceipt,
    derive,
    digits_of,
    new_entropy,
    read_receipt,
    words_of,
)

entropies = st.binary(min_size=10, max_size=10)


@given(entropies)
def test_words_and_digits_come_back_however_they_are_typed(entropy: bytes) -> None:
    words = words_of(entropy)
    assert len(words) == WORDS
    for typed in (
        " ".join(words),
        "  \n".join(word.upper() for word in words),
        "-".join(word[:4] for word in words),
        ", ".join(words) + ".",
        digits_of(entropy),
        " ".join(digits_of(entropy)[start : start + 4] for start in range(0, 28, 4)),
    ):
        assert read_receipt(typed) == entropy


@given(st.text(max_size=200))
def test_anything_else_is_refused_and_never_crashes(text: str) -> None:
    try:
        entropy = read_receipt(text)
    except BadReceipt:
        return
    assert read_receipt(" ".join(words_of(entropy))) == entropy


@given(entropies, st.integers(0, 8), st.sampled_from(WORDLIST))
def test_one_wrong_word_is_nearly_always_noticed(entropy: bytes, place: int, word: str) -> None:
    words = list(words_of(entropy))
    words[place] = word
    try:
        assert (read_receipt(" ".join(words)) == entropy) == (tuple(words) == words_of(entropy))
    except BadReceipt:
        assert tuple(words) != words_of(entropy)


@pytest.mark.parametrize("text", ["", "one two", "9" * 28, "0" * 27, "academic " * 8, "academic " * 10])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(BadReceipt):
        read_receipt(text)


def test_no_receipt_holds_a_frightening_word() -> None:
    assert frozenset(WORDLIST) >= FRIGHTENING
    assert len(FRIGHTENING) > 30
    assert not any(FRIGHTENING & set(words_of(new_entropy())) for _ in range(300))


def test_keys_depend_on_the_words_and_on_the_site_and_share_no_part() -> None:
    entropy = bytes(range(10))
    one, again, other = derive(entropy, bytes(16)), derive(entropy, bytes(16)), derive(entropy, b"x" * 16)
    assert one == again
    assert len({one.lookup, one.lookup_hash, one.kem_seed, one.sign_seed, other.lookup, other.kem_seed}) == 6


def test_the_derivation_is_the_one_that_older_receipts_were_made_with() -> None:
    """Changing any constant would lock every reporter out: these bytes must never change."""
    entropy = bytes.fromhex("00112233445566778899")
    keys = derive(entropy, bytes(16))
    assert words_of(entropy)[:3] == ("academic", "emerald", "chubby")
    assert digits_of(entropy) == "0000323644454715132098012616"
    assert (keys.lookup.hex(), keys.kem_seed.hex()[:16], keys.sign_seed.hex()[:16]) == (
        "d53dc172b1b7c26c4bed38da5f0443fe",
        "26983b673d5e1eaf",
        "bb59f4571df72cff",
    )
