"""Searches in what was told, as it stands opened within one request."""

from collections.abc import Mapping, Sequence

#: a search shows so many at most
MOST_FOUND = 50


def found_in(words: str, texts: Mapping[str, str]) -> set[str]:
    """The threads whose text holds every one of these words, in whatever case."""
    wanted = words.casefold().split()
    return {thread for thread, text in texts.items() if _holds(text.casefold(), wanted)}


def _holds(text: str, wanted: Sequence[str]) -> bool:
    return all(word in text for word in wanted)
