"""The text check: whether a text that is to leave the desk repeats what somebody told, or names anybody.

Pure: whoever asks hands in the told texts, inside a guardian's session. What may be kept is `Checked.kept` alone. It
finds what is copied, not what is told again in other words: a second person reads for that.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.words.phrases import Phrases, tokens
from concerns.words.rules import spot

OVERLAP, NEAR, QUOTES, DIGITS = "overlap", "near-overlap", "quotation", "digits"
CALENDAR, NAMES, AREAS, DETAILS = "calendar", "names", "areas", "details"
#: every rule in the order in which a page lists them
RULES = (OVERLAP, NEAR, QUOTES, DIGITS, CALENDAR, NAMES, AREAS, DETAILS)

_QUOTE = re.compile("[\"“”„‟«»‹›「」『』〝〞＂❝❞‘‚‛`]|(?<!\\w)['’](?=\\w)")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_MONTHS = "january february april june july august september october november december"
_WRITTEN_ANYHOW = re.compile(rf"\b(?:{'|'.join(f'{_DAYS} {_MONTHS}'.split())})s?\b", re.IGNORECASE)
#: as words of the language they mean something else without a capital
_WITH_CAPITAL = re.compile(
    r"\b(?:May|MAY|March|MARCH|Mon|Tues?|Weds?|Thur?s?|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|Llun|Mawrth|Mercher|Iau|Gwener|Sadwrn|Sul|Ionawr|Chwefror|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref"
    r"|Tachwedd|Rhagfyr)\b"
)
#: what the spotter calls a name; a job title stays, since a text must be able to say who will act
_NAMES, _NOT_DETAILS = {"name", "place"}, {"name", "place", "role"}


@dataclass(frozen=True)
class Found:
    """What failed: a rule, and the words of the draft itself that it stumbled over."""

    rule: str
    words: str


@dataclass(frozen=True)
class Checked:
    """The outcome. `found` is for the eyes of whoever wrote the draft, within her session."""

    found: tuple[Found, ...]
    #: SHA-256 of the text that was checked, in hex
    hash: str

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that failed, each once."""
        failed = {one.rule for one in self.found}
        return tuple(rule for rule in RULES if rule in failed)

    @property
    def passed(self) -> bool:
        return not self.found

    @property
    def kept(self) -> dict[str, Any]:
        """All that may be stored of it."""
        return {"passed": self.passed, "rules": list(self.rules), "hash": self.hash}


def text_hash(text: str) -> str:
    """SHA-256 of a text in hex: what shows later that the text that was checked is the one that was released."""
    return hashlib.sha256(b"concerns-text-check/1" + text.encode(errors="surrogatepass")).hexdigest()


def check(draft: str, told: Iterable[tuple[str | bytes, str]], areas: Iterable[str] = ()) -> Checked:
    """Check a draft against what was told (id of the flag, text; a flag may have several) and other areas' names."""
    plain = unicodedata.normalize("NFKC", draft)
    found = [
        *_copied(draft, told),
        *(Found(QUOTES, _around(plain, match.start())) for match in _QUOTE.finditer(plain)),
        *(Found(DIGITS, word) for word in plain.split() if any(unicodedata.category(sign)[0] == "N" for sign in word)),
        *(Found(CALENDAR, match[0]) for match in _WRITTEN_ANYHOW.finditer(plain)),
        *(Found(CALENDAR, match[0]) for match in _WITH_CAPITAL.finditer(plain)),
        *_spotted(draft),
        *_named_areas(draft, areas),
    ]
    return Checked(tuple(dict.fromkeys(found)), text_hash(draft))


def _copied(draft: str, told: Iterable[tuple[str | bytes, str]]) -> Iterator[Found]:
    phrases = Phrases(draft)
    for flag, text in told:
        phrases.compare(flag, text)
    exact, near = phrases.copied()
    yield from (Found(OVERLAP, words) for words in exact)
    yield from (Found(NEAR, words) for words in near)


def _spotted(draft: str) -> Iterator[Found]:
    for span in spot(draft):
        words = draft[span.start : span.end]
        if span.kind in _NAMES:
            yield Found(NAMES, words)
        elif span.kind not in _NOT_DETAILS:
            yield Found(DETAILS, words)


def _named_areas(draft: str, areas: Iterable[str]) -> Iterator[Found]:
    written = tokens(draft)
    for area in areas:
        name = tokens(area)
        if name and _holds(written, name):
            yield Found(AREAS, area)


def _holds(written: Sequence[str], name: Sequence[str]) -> bool:
    return any(written[at : at + len(name)] == name for at in range(len(written) - len(name) + 1))


def _around(text: str, place: int) -> str:
    """The few letters around a quotation mark."""
    return text[max(0, place - 12) : place + 12].strip()
