"""A text of somebody else's as the page shows it: identifying details marked, and signs that could reorder it made visible."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from concerns.words.rules import spot
from concerns.words.signs import number_of, odd

#: each kind of detail, one and several
KINDS = {
    "name": ("name", "names"),
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone number", "phone numbers"),
    "nhs": ("NHS number", "NHS numbers"),
    "ni": ("National Insurance number", "National Insurance numbers"),
    "vehicle": ("vehicle", "vehicles"),
    "reference": ("reference number", "reference numbers"),
    "postcode": ("postcode", "postcodes"),
    "address": ("address", "addresses"),
    "date": ("date", "dates"),
    "time": ("time", "times"),
    "role": ("job that few people hold", "jobs that few people hold"),
    "self": ("hint at who wrote it", "hints at who wrote it"),
    "place": ("place", "places"),
    "handle": ("user name", "user names"),
    "url": ("web address", "web addresses"),
    "other": ("other detail", "other details"),
}


@dataclass(frozen=True)
class Piece:
    """A part of a text: plain, a detail of some kind, or a sign that is shown by its number."""

    text: str
    #: what kind of detail it is, in words; empty for anything else
    kind: str = ""
    #: the spotter is sure of it
    strong: bool = True
    #: it stands for a sign that cannot be seen
    odd: bool = False


def plain(text: str) -> list[Piece]:
    """A text without marks."""
    return _pieces(text)


def marked(text: str) -> list[Piece]:
    """A text with its details marked."""
    found, at = [], 0
    for span in spot(text):
        found += _pieces(text[at : span.start])
        found += _pieces(text[span.start : span.end], KINDS[span.kind][0], strong=span.tier == "strong")
        at = span.end
    return found + _pieces(text[at:])


def details(pieces: Iterable[Piece]) -> str:
    """What could identify somebody in these, counted: "1 name, 2 dates"; empty where nothing was found."""
    found = Counter(piece.kind for piece in pieces if piece.kind)
    return ", ".join(
        f"{found[one]} {several if found[one] > 1 else one}" for one, several in KINDS.values() if found[one]
    )


def _pieces(text: str, kind: str = "", *, strong: bool = True) -> list[Piece]:
    """One piece for each run of ordinary signs, and one for each sign that cannot be seen."""
    found, run = [], ""
    for sign in text:
        if not odd(sign):
            run += sign
            continue
        found += [Piece(run, kind, strong)] if run else []
        found.append(Piece(number_of(sign), odd=True))
        run = ""
    return [*found, Piece(run, kind, strong)] if run else found
