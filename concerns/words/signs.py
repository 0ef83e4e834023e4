"""Signs that cannot be seen, or that turn text round: each is shown by its number, so that nothing hides behind it."""

import unicodedata

#: these change nothing but how letters join or where a line may break; many languages and emoji need them
_HARMLESS = frozenset("\n\t\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff") | {
    chr(tag) for tag in range(0xE0020, 0xE0080)
}
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")


def odd(sign: str) -> bool:
    """Whether a sign cannot be seen and is no part of ordinary writing."""
    return sign not in _HARMLESS and unicodedata.category(sign) in _UNSEEN


def number_of(sign: str) -> str:
    """What stands for such a sign: "[U+202E]"."""
    return f"[U+{ord(sign):04X}]"


def visible(text: str) -> str:
    """The text with each such sign as its number."""
    return "".join(number_of(sign) if odd(sign) else sign for sign in text)
