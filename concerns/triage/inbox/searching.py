"""Searches in what was told, as it stands opened within one request."""

from collections.abc import Mapping, Sequence

from concerns.words.matching import plain

#: a search shows so many at most
MOST_FOUND = 50


def found_in(words: str, texts: Mapping[str, str]) -> set[str]:
    """The threads whose text holds every one of these words, in whatever case and by whatever keyboard."""
    wanted = plain(words).split()
    if not wanted:  # nothing but marks that take no room
        return set()
    return {thread for thread, text in texts.items() if _holds(plain(text), wanted)}


def _holds(text: str, wanted: Sequence[str]) -> bool:
    return all(word in text for word in wanted)
