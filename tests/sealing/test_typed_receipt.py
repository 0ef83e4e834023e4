"""What is said of words that are no receipt."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from concerns.sealing.receipt import BadReceipt, new_entropy, read_receipt, words_of


def bad(text: str) -> tuple[tuple[str, ...], int]:
    with pytest.raises(BadReceipt) as refused:
        read_receipt(text)
    return refused.value.unknown, refused.value.count


def test_words_that_are_not_on_the_list_are_named_as_they_were_typed() -> None:
    words = list(words_of(new_entropy()))
    assert bad(" ".join([*words[:2], "Xylophone", *words[3:7], "zzz", words[8]])) == (("xylophone", "zzz"), 9)
    assert bad("aca " * 9) == (("aca",) * 9, 9)
    assert bad("one, two") == (("one", "two"), 2)


@pytest.mark.parametrize("count", [1, 8, 10, 40])
def test_how_many_were_typed_is_said(count: int) -> None:
    assert bad("academic " * count) == ((), count)


@pytest.mark.parametrize("text", ["", "…", "9" * 28, "0" * 28, "123"])
def test_where_no_word_was_typed_none_is_counted(text: str) -> None:
    assert bad(text) == ((), 0)


def test_nine_words_of_the_list_that_are_no_receipt_name_none() -> None:
    words = words_of(bytes(10))
    assert bad(" ".join([*words[:8], "zero"])) == ((), 9)


@given(st.lists(st.sampled_from(WORDLIST) | st.text("abc", min_size=1, max_size=8), max_size=12))
def test_only_words_that_are_not_on_the_list_are_ever_named(words: list[str]) -> None:
    with contextlib.suppress(BadReceipt):
        assert " ".join(words_of(read_receipt(" ".join(words)))) == " ".join(words)
        return
    unknown, count = bad(" ".join(words))
    assert count == len(words)
    assert [word for word in words if word in unknown] == list(unknown)
    assert not set(unknown) & set(WORDLIST)
