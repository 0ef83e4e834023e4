"""Words of serious harm: a list per sector lifts a flag to "read first", with the words shown. It never lowers one."""

import re
from collections.abc import Sequence
from functools import lru_cache

from concerns.words.matching import plain

#: a word ends here, or goes on where its entry ends in an asterisk
_LETTER = r"[^\W\d_]"


class Serious:
    """The words of one sector. An entry is a word or phrase; an asterisk at the end of a word stands for any ending."""

    def __init__(self, words: Sequence[str]) -> None:
        """Make one pattern of all entries, the longest first."""
        self.words = tuple(words)
        entries = "|".join(_pattern(word) for word in sorted(words, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\w)(?:{entries})(?!\w)") if words else None

    def found(self, text: str) -> list[str]:
        """What of it stands in a text, in plain small letters, each once."""
        if self._pattern is None:
            return []
        return list(dict.fromkeys(" ".join(match.split()) for match in self._pattern.findall(plain(text))))


@lru_cache(maxsize=8)
def serious_words(words: tuple[str, ...]) -> Serious:
    """The same, made once for each list."""
    return Serious(words)


def _pattern(entry: str) -> str:
    parts = re.split(r"[\s-]+", plain(entry))
    return r"[\s-]+".join(
        re.escape(part[:-1]) + f"{_LETTER}{{0,6}}" if part.endswith("*") else re.escape(part) for part in parts
    )
