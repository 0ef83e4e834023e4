"""Finds people's names, and capitals that may be names, in a folded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from concerns.words.sheet import pattern, words

_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_GIVEN, _SHY, _SURNAMES, _FAMILY = words("given"), words("shy"), words("surnames"), words("family")
_ORDINARY, _CALENDAR = words("ordinary"), words("calendar")
_SHORT, _LONG, _RANKS = words("titles"), words("longTitles"), words("ranks")
_CUES, _PERSONS, _SAYING = words("cues"), words("persons"), words("saying")
_PARTICLES, _WHERE, _BEFORE = words("particles"), words("where"), words("before")
_ENDINGS = pattern("{ENDINGS}")
_WRITTEN = re.compile(r"(?:(?:Mc|Mac|Fitz|De|Van|O'|D'|L')?[A-Z][a-z]+)(?:['-][A-Za-z][a-z]*)*")
_OPENING = re.compile(r"""(?:^|[.!?:;\n\r\0*"])[ (']*\Z""")
_NEXT, _DOTTED = re.compile(" {1,3}"), re.compile("[ .]{1,3}")


@dataclass(frozen=True)
class Word:
    """A word of the text: where it stands, and how it is written."""

    start: int
    end: int
    key: str
    capital: bool
    upper: bool
    opens: bool
    written: bool


@dataclass(frozen=True)
class Named:
    """What was found: a name or a place, for certain or perhaps."""

    start: int
    end: int
    kind: str
    tier: str


def names(line: str, seen: str) -> list[Named]:
    """Names in `seen`, which is `line` with all that was found before blotted out."""
    return list(_Reader(line, seen).read())


def ordinary(word: str) -> bool:
    """Whether a capitalised word says nothing about who is meant."""
    key = word.lower().removesuffix("'s")
    return _listed(key) or (len(key) > 5 and _ENDINGS.search(key) is not None)


def _listed(key: str) -> bool:
    return any(each in _ORDINARY or each in _CALENDAR for each in (key, key.removesuffix("s")))


def opens(line: str, start: int) -> bool:
    """Whether a sentence, a quotation or a bracket begins at this place of a folded text."""
    before = line[max(0, start - 40) : start]
    return _OPENING.search(before) is not None or "(" in before[-2:] or before.endswith("- ")


def _is_initial(word: Word) -> bool:
    return word.capital and len(word.key) == 1 and word.key != "i"


class _Reader:
    def __init__(self, line: str, seen: str) -> None:
        self.line = line
        self.words = [self._word(found) for found in _WORD.finditer(seen)]
        self.shouting = self._sentences_in_capitals()

    def _word(self, found: re.Match[str]) -> Word:
        text = found[0]
        if text[-2:] in {"'s", "'S"}:
            text = text[:-2]
        upper = len(text) > 1 and text.upper() == text
        return Word(
            found.start(),
            found.start() + len(text),
            text.lower(),
            text[0].isupper(),
            upper,
            opens(self.line, found.start()),
            bool(_WRITTEN.fullmatch(text)),
        )

    def _sentences_in_capitals(self) -> set[int]:
        """The words of sentences in which most words have capitals: a capital there tells nothing."""
        shouting: set[int] = set()
        first = 0
        for place in range(1, len(self.words) + 1):
            if place == len(self.words) or self.words[place].opens:
                sentence = self.words[first:place]
                if len(sentence) > 2 and sum(word.capital for word in sentence) * 2 > len(sentence):
                    shouting.update(range(first, place))
                first = place
        return shouting

    def read(self) -> Iterator[Named]:
        place = 0
        while place < len(self.words):
            found = self._titled(place) or self._known(place) or self._shy(place) or self._unknown(place)
            if found:
                last, named = found
                yield named
                place = last
            place += 1

    def _next(self, place: int, gap: re.Pattern[str] = _NEXT) -> Word | None:
        """The word that follows without a stop, if there is one."""
        if place + 1 >= len(self.words):
            return None
        between = self.line[self.words[place].end : self.words[place + 1].start]
        return self.words[place + 1] if gap.fullmatch(between) else None

    def _named(self, first: int, last: int, tier: str = "strong", kind: str = "name") -> tuple[int, Named]:
        return last, Named(self.words[first].start, self.words[last].end, kind, tier)

    def _titled(self, place: int) -> tuple[int, Named] | None:
        title, name = self.words[place], self._next(place, _DOTTED)
        short = title.key in _SHORT and not (title.upper and title.key == "ms")
        rank = title.key in _RANKS and title.upper
        if name is None or not (short or rank or title.key in _LONG):
            return None
        known = name.key in _GIVEN or name.key in _SURNAMES or name.key in _SHY
        if len(name.key) == 1:
            good = title.capital and _is_initial(name)
        elif name.capital:
            good = (not _listed(name.key) or name.key in _FAMILY) and (
                known or not name.upper or title.upper or len(name.key) > 4
            )
        else:
            lone = short and title.key != "miss" and len(name.key) > 2
            good = (known and name.key not in _ORDINARY) or (lone and not ordinary(name.key))
        return self._named(place, self._extended(place + 1)) if good else None

    def _known(self, place: int) -> tuple[int, Named] | None:
        word = self.words[place]
        first, _, rest = word.key.partition("-")
        given = word.key in _GIVEN or (rest != "" and (first in _GIVEN or first in _SHY))
        if not given and word.key not in _SURNAMES:
            return None
        if word.upper and len(word.key) < 5 and not self._beside_capitals(place):
            return None
        return self._named(place - self._led(place), self._extended(place))

    def _led(self, place: int) -> bool:
        """Whether an initial stands before this word."""
        before = self.words[place - 1] if place else None
        good = before is not None and _is_initial(before) and before.key != "a"
        return good and self._next(place - 1, _DOTTED) is not None

    def _of_an_institution(self, place: int) -> bool:
        """Whether it is like "the Board" or "Pupil Premium": after an article, or after an ordinary word with a capital."""
        if place == 0 or self._next(place - 1) is None or self._led(place):
            return False
        before = self.words[place - 1]
        return before.key in _BEFORE or (before.capital and before.key not in _CUES and before.key not in _WHERE)

    def _beside_capitals(self, place: int) -> bool:
        beside = self.words[max(0, place - 1) : place] + self.words[place + 1 : place + 2]
        return any(word.upper for word in beside)

    def _shy(self, place: int) -> tuple[int, Named] | None:
        """A name that is also an ordinary word: it counts where something speaks for it."""
        word = self.words[place]
        if word.key not in _SHY or word.upper:
            return None
        before = self.words[place - 1].key if place and not word.opens else ""
        after = self._next(place)
        last = self._extended(place)
        says = after is not None and after.key in _SAYING
        if word.capital:
            sure = last > place or says or before in _CUES or before in _PERSONS
            if sure and not (word.key in _CALENDAR and last == place and not says):
                return self._named(place, last)
            maybe = not word.opens and word.key not in _CALENDAR and place not in self.shouting
            return self._named(place, place, "weak") if maybe else None
        sure = (
            (before in _PERSONS and word.key not in _ORDINARY)
            or says
            or (last > place and after is not None and after.key in _SURNAMES)
        )
        return self._named(place, last) if sure else None

    def _extended(self, place: int) -> int:
        """The last word of a name that begins at this word: surnames, initials and particles are taken in."""
        for _ in range(3):
            here = self.words[place]
            after = self._next(place, _DOTTED if len(here.key) == 1 else _NEXT)
            if after is None:
                break
            if self._continues(here, after):
                place += 1
                continue
            beyond = self._next(place + 1)
            if after.key in _PARTICLES and beyond is not None and beyond.capital and not ordinary(beyond.key):
                place += 2
                continue
            break
        return place

    @staticmethod
    def _continues(here: Word, after: Word) -> bool:
        family = after.key in _SURNAMES or after.key in _FAMILY
        if not after.capital:
            return family
        if len(after.key) == 1:
            return after.key not in {"i", "a"}
        called = family or after.key in _GIVEN or (after.key in _SHY and after.key not in _CALENDAR)
        return (called and here.upper) if after.upper else (called or not _listed(after.key))

    def _unknown(self, place: int) -> tuple[int, Named] | None:
        word, last = self.words[place], place
        if not self._plausible(word) or place in self.shouting or (word.opens and word.key in _CUES):
            return None
        while (after := self._next(last)) is not None and self._plausible(after) and after.key not in _GIVEN:
            last += 1
        # at the start of a sentence: "Bronya Quill lost …", or "Thistle said …"; what ends in s is a plural
        says = self.words[last].key[-1] != "s" and (last > place or (after is not None and after.key in _SAYING))
        led = self._led(place)
        if (not says and not led) if word.opens else self._of_an_institution(place):
            return None
        before = self.words[place - 1].key if place and not word.opens else ""
        return self._named(place - led, last, "weak", "place" if before in _WHERE else "name")

    @staticmethod
    def _plausible(word: Word) -> bool:
        return word.written and len(word.key) > 2 and not ordinary(word.key)
