"""What a theme may be called and described by, and what a guardian may answer to a plan. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from concerns.themes.rules import OTHER, SPINE, ThemeFacts
from concerns.themes.stemming import Stems
from concerns.words.rules import spot

MOST_THEMES, MOST_KEYWORDS, MOST_PARTS = 40, 200, 8
LONGEST_NAME, LONGEST_GROUP, LONGEST_DEFINITION, LONGEST_KEYWORD = 120, 80, 500, 80

#: why a guardian sends a plan back: fixed sentences, so that no word of a flag can leave the desk by them
ANSWERS = {
    "name": "A name could point to one event, one place or one person",
    "unclear": "A name or a definition is hard to understand",
    "lost": "Something that staff tell us about would have no theme any more",
    "compare": "Too much changes at once, so the years could not be compared",
    "talk": "Please talk with us first",
}

#: a spreadsheet takes what begins so for a formula
_FORMULA = ("=", "+", "-", "@")
#: signs of markup, and the bar that joins several themes in a file
_MARKUP = frozenset("<>{}[]|\\`")
#: what can be seen as nothing: controls, marks of direction, lone halves
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NUMBERED = re.compile(r"([A-Z]{1,8})([0-9]{1,6})", re.ASCII)


class EditRefused(ValueError):
    """A change that cannot be made; the message says why in one sentence, and `field` where it was typed."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Shared:
    """Two themes that have keywords in common: those words do not help to tell them apart."""

    one: str
    other: str
    words: tuple[str, ...]


def clean_name(text: str, themes: Iterable[ThemeFacts], own: str | None = None) -> str:
    """The name as it is kept. Raises EditRefused where it is none, or another of these themes has it."""
    name = _line("name", "Name", text, LONGEST_NAME)
    if not name:
        raise EditRefused("name", "Name: write what the theme is called")
    if folded(name) == OTHER:
        raise EditRefused("name", "Name: “other” is kept for flags that fit no theme")
    for theme in themes:
        if theme.code != own and folded(name) in (folded(theme.name), folded(theme.code)):
            raise EditRefused("name", f"Name: the theme “{theme.name}” has this name already")
    return name


def clean_group(text: str) -> str | None:
    """The group as it is kept; None for none. Raises EditRefused."""
    return _line("group", "Group", text, LONGEST_GROUP) or None


def clean_spine(code: str) -> str | None:
    """A spine code, or None. Raises EditRefused."""
    if code and code not in SPINE:
        raise EditRefused("spine", "Sector-wide theme: choose one of the list")
    return code or None


def clean_definition(text: str) -> str:
    """The definition as it is kept. Raises EditRefused."""
    definition = " ".join(text.split())
    if not definition:
        raise EditRefused("definition", "Definition: write in a sentence what belongs to the theme")
    _refuse_unseen("definition", "Definition", definition)
    if len(definition) > LONGEST_DEFINITION:
        over = len(definition) - LONGEST_DEFINITION
        raise EditRefused("definition", f"Definition: {over} characters too long. Nothing is lost, shorten it")
    return definition


def clean_keywords(text: str) -> tuple[str, ...]:
    """The keywords, one in each line. Raises EditRefused."""
    found = [word for word in (" ".join(line.split()) for line in text.splitlines()) if word]
    kept = tuple({folded(word): word for word in reversed(found)}.values())[::-1]
    if len(kept) > MOST_KEYWORDS:
        raise EditRefused("keywords", f"Keywords: at most {MOST_KEYWORDS}, and these are {len(kept)}")
    for word in kept:
        _refuse_unseen("keywords", "Keywords", word)
        if len(word) > LONGEST_KEYWORD:
            raise EditRefused("keywords", f"Keywords: “{word[:30]}…” is longer than {LONGEST_KEYWORD} characters")
    return kept


def new_code(used: Collection[str]) -> str:
    """A code that no theme ever had, in the manner of those that most have. Nobody types one."""
    found = [match for match in map(_NUMBERED.fullmatch, sorted(used)) if match]
    letters = Counter(match[1] for match in found).most_common(1)[0][0] if found else "T"
    numbers = [match[2] for match in found if match[1] == letters]
    width = max(map(len, numbers), default=2)
    number = max(map(int, numbers), default=0) + 1
    taken = {folded(code) for code in used}
    while folded(f"{letters}{number:0{width}}") in taken:
        number += 1
    return f"{letters}{number:0{width}}"


def shared_keywords(themes: Sequence[ThemeFacts]) -> list[Shared]:
    """The pairs of themes that share keywords, in whatever form of a word, those that share most first."""
    stems = Stems()
    for theme in themes:
        for keyword in theme.keywords:
            stems.learn(keyword)
    phrases = {
        theme.code: {tuple(word.stem for word in stems.read(keyword)): keyword for keyword in theme.keywords}
        for theme in themes
    }
    found = [
        Shared(one.name, other.name, tuple(phrases[one.code][phrase] for phrase in phrases[one.code] if phrase in both))
        for one, other in combinations(themes, 2)
        if (both := phrases[one.code].keys() & phrases[other.code].keys())
    ]
    return sorted(found, key=lambda pair: -len(pair.words))


def telling_names(themes: Iterable[ThemeFacts]) -> list[str]:
    """The names in which something may point to a person, a day or a place."""
    return [theme.name for theme in themes if any(span.tier == "strong" for span in spot(theme.name))]


def folded(text: str) -> str:
    """What makes two names the same."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _line(field: str, label: str, text: str, longest: int) -> str:
    line = " ".join(text.split())
    _refuse_unseen(field, label, line)
    if line.startswith(_FORMULA):
        raise EditRefused(field, f"{label}: begin with a letter or a figure, not with “{line[0]}”")
    if signs := sorted(_MARKUP.intersection(line)):
        raise EditRefused(field, f"{label}: leave out the sign “{signs[0]}”")
    if len(line) > longest:
        raise EditRefused(field, f"{label}: at most {longest} characters")
    return line


def _refuse_unseen(field: str, label: str, text: str) -> None:
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        raise EditRefused(field, f"{label}: take out the characters that cannot be seen")
