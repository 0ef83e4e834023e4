"""Makes texts alike that say the same: however a phone, a PDF or another keyboard wrote them, word matches word."""

import unicodedata

#: what programs put for a plain sign without being asked
_USUAL = {**dict.fromkeys("’‘ʼʻ", "'"), **dict.fromkeys("‐‑–−", "-")}
#: accents of their own, soft hyphens, joiners, directions
_ROOMLESS = frozenset({"Mn", "Cf"})
#: more signs than all languages of a workforce use are not kept
_MOST = 20_000


class _Signs(dict[int, int | str | None]):
    """What becomes of each sign, by its code point. It is found out when the sign is first met."""

    def __missing__(self, point: int) -> int | str | None:
        sign = chr(point)
        plain_sign = None if unicodedata.category(sign) in _ROOMLESS else _USUAL.get(sign, point)
        if len(self) < _MOST:
            self[point] = plain_sign
        return plain_sign


_signs = _Signs()


def plain(text: str) -> str:
    """A text in small letters, without accents, ligatures, styled letters and marks that take no room.

    What is plain already stays as it is. Places change: for where something stands see `folding`.
    """
    text = text.replace("’", "'")  # in most texts all that is not plain
    if text.isascii():
        return text.lower()
    # taken apart first: the bold A of a styled text has a small letter only as the plain one that it stands for
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return parts.translate(_signs)
