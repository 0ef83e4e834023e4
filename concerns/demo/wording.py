"""Writes what invented reporters and guardians say, so that a thousand flags read as if a thousand people wrote them."""

import re
from dataclasses import dataclass, field
from random import Random

from concerns.demo.phrasebook import Bags, phrasebook
from concerns.demo.phrasebook import expand as expanded

#: a way of writing: how often it comes, and the parts it is made of
REGISTERS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (10, ("core",)),
    (9, ("core", "consequence")),
    (6, ("core", "hope")),
    (8, ("opening", "core", "consequence")),
    (10, ("core", "context", "hope")),
    (10, ("opening", "core", "context", "consequence")),
    (10, ("opening", "core", "consequence", "hope", "closing")),
    (12, ("core", "feeling", "link", "more", "consequence", "hope")),
    (13, ("opening", "core", "context", "link", "more", "consequence", "hope")),
    (11, ("opening", "core", "context", "consequence", "link", "more", "feeling", "hope", "closing")),
    (6, ("opening", "context", "core", "link", "more", "more", "consequence", "feeling", "context", "hope", "closing")),
)
SHORTEST, LONGEST = 8, 220  # words
_CARELESS, _HURRIED = 0.14, 0.4  # share of texts with slips; of one-sentence texts without capitals
#: “chase” with a letter left out would be a word that this service never uses
NO_SLIPS = frozenset({"case", "cases"})
_BREAK = 0.12  # share of sentences that start a new line in a long text


@dataclass
class Writer:
    """Writes for one sector. The same random generator in the same state writes the same texts."""

    sector: str
    rng: Random
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._book, self._bags = phrasebook(self.sector), Bags(self.rng)

    def flag(self, themes: tuple[str, ...], setting: str, news: tuple[str, ...] = ()) -> str:
        """What a reporter tells: about the first theme, then of one other. Never the same twice.

        `news` names further lists of sentences that may be said where and when this is told.
        """
        for _ in range(100):
            text = self._flag(themes, setting, news)
            if text not in self._seen and SHORTEST <= len(text.split()) <= LONGEST:
                break
        self._seen.add(text)
        return text

    def say(self, key: str) -> str:
        """A guardian's reply, note or reason, or what a reporter adds when coming back."""
        return expanded(self._bags.draw((key,), self._book.common[key]), {}, self.rng)

    def _flag(self, themes: tuple[str, ...], setting: str, news: tuple[str, ...]) -> str:
        parts = self.rng.choices([r[1] for r in REGISTERS], [r[0] for r in REGISTERS])[0]
        if len(themes) > 1:
            parts = with_another(parts)
        drawn: list[str] = []
        for part in parts:
            self._draw(part, themes, setting, news, drawn)
        words = self._book.settings[setting].words
        sentences = [expanded(template, words, self.rng) for template in drawn if template]
        text = self._joined(sentences)
        if len(parts) == 1 and self.rng.random() < _HURRIED:
            return hurried(text)
        return careless(text, self.rng) if self.rng.random() < _CARELESS else text

    def _draw(self, part: str, themes: tuple[str, ...], setting: str, news: tuple[str, ...], drawn: list[str]) -> None:
        key: tuple[str, ...]
        if part in ("core", "more", "other"):
            theme = themes[1] if part == "other" else themes[0]
            key, items = (theme, setting, *news), self._book.cores(theme, setting, news)
        elif part in ("consequence", "hope"):
            key, items = (themes[0], part, setting), self._book.turns(themes[0], setting, part)
        else:
            key, items = (part,), list(self._book.common[part])
        drawn.append(self._bags.draw(key, items, drawn))

    def _joined(self, sentences: list[str]) -> str:
        lines = sentences[:1]
        for sentence in sentences[1:]:
            if lines[-1].endswith(":"):
                sentence = sentence if re.match(r"I\b|[A-Z]{2}", sentence) else sentence[0].lower() + sentence[1:]
            starts_line = len(sentences) > 4 and self.rng.random() < _BREAK and not lines[-1].endswith(":")
            lines.append(("\n\n" if starts_line else " ") + sentence)
        return "".join(lines)


def with_another(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a text that goes on to another theme, before it closes."""
    kept = tuple(part for part in parts if part not in ("more", "link"))
    end = len(kept) - ("closing" in kept)
    return (*kept[:end], "link_other", "other", *kept[end:])


def hurried(text: str) -> str:
    """As typed on a phone in a corridor: no capital, no apostrophes, no full stop."""
    plain = text if re.match(r"I\b|[A-Z]{2}", text) else text[0].lower() + text[1:]
    return plain.replace("'", "").removesuffix(".")


def careless(text: str, rng: Random) -> str:
    """The text with one to three slips of the finger in longer words."""
    for _ in range(rng.randint(1, 3)):
        words = list(re.finditer(r"\b[a-z]{5,}\b", text))
        if not words:
            return text
        word = rng.choice(words)
        slip = _slip(word[0], rng)
        if slip not in NO_SLIPS:
            text = text[: word.start()] + slip + text[word.end() :]
    return text


def _slip(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    left_out = word[:at] + word[at + 1 :]
    doubled = word[: at + 1] + word[at:]
    return rng.choice((swapped, left_out, doubled))
