"""Makes a text plain for matching, one sign a code point, and remembers where each sign stood."""

import re
import unicodedata

from concerns.words.sheet import SIGNS

#: stands for everything that is no plain sign: emoji, other scripts, controls
OTHER = "\x00"
#: marks that take no room: accents of their own, soft hyphens, joiners, directions
_ROOMLESS = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def fold(text: str) -> tuple[str, list[int]]:
    """The plain text, and the place of each of its signs in the text, with the length of the text at the end.

    Accents, curly quotes and odd spaces become their plain kin; marks that take no room are left out.
    """
    line: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if not _ROOMLESS.match(sign):
            line.append(_plain(sign))
            places.append(place)
    places.append(len(text))
    return "".join(line), places


def _plain(sign: str) -> str:
    if " " <= sign <= "~" or sign in "\t\n\r":
        return sign
    if sign in SIGNS:
        return SIGNS[sign]
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base.isascii() and base.isalpha() else OTHER
