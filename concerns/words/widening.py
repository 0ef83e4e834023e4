"""Offers a wider wording for a detail: "on Tuesday night" may become "recently"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from concerns.words import sheet
from concerns.words.folding import fold
from concerns.words.names import opens
from concerns.words.rules import Span

#: every wording in English by its code; pages translate them by code
WIDER: Mapping[str, str] = sheet.WORDINGS
_MONTH = re.compile(r"\d[-/.](\d\d?)|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.ASCII | re.IGNORECASE)
_LAST_WORD = re.compile(r"([a-z]+)[ \t]*$", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Wider:
    """A wording that fits in place of a detail: its code, and the English with a capital where one is due."""

    code: str
    text: str


def wider(text: str, span: Span) -> Wider | None:
    """The wider wording for a span of this text; None where only taking it out helps."""
    line, places = fold(text)
    start = next(at for at, place in enumerate(places) if place >= span.start)
    end = next(at for at, place in enumerate(places) if place >= span.end)
    first = opens(line, start)
    before = None if first else _LAST_WORD.search(line[max(0, start - 40) : start])
    told = line[start:end].lower()
    subject = f"{before[1].lower() if before else ''}<{told}"
    code = next((code for kind, find, code in sheet.WIDER if kind == span.kind and find.search(subject)), span.kind)
    if code == "month":
        code = _month(told)
    if code not in WIDER:
        return None
    wording = WIDER[code]
    return Wider(code, wording[0].upper() + wording[1:] if first else wording)


def _month(told: str) -> str:
    found = _MONTH.search(told)
    if found is None:
        return "recently"
    number = int(found[1] or 0)
    month = next(
        (one.lower() for at, one in enumerate(sheet.MONTHS, 1) if at == number or one[:3].lower() == found[2]), ""
    )
    if not month:
        return "recently"
    return f"in-{month}" if told.startswith("on") else month
