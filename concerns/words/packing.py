"""Keeps a sorted word list small: each word begins with the number of letters it shares with the one before."""

import re
from collections.abc import Iterable

#: a number of one digit, so no more letters than these are ever counted as shared
_MOST = 9


def pack(words: Iterable[str]) -> str:
    """The list as spotting.json keeps it: ann, anna, ben become "0ann3a0ben"."""
    packed, before = "", ""
    for word in sorted(set(words)):
        shared = next((at for at in range(_MOST) if before[at : at + 1] != word[at : at + 1] or at == len(word)), _MOST)
        packed += f"{shared}{word[shared:]}"
        before = word
    return packed


def unpack(packed: str) -> frozenset[str]:
    """The words of a packed list."""
    words, before = [], ""
    for shared, rest in re.findall(r"(\d)(\D*)", packed):
        before = before[: int(shared)] + rest
        words.append(before)
    return frozenset(words)
