"""Which questions the report form asks, and in which words: what may be left out, and what no prompt may ask. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from concerns.areas.asking import asks, hides

#: the questions that may be left out, in the order of the form; a question asks for the fields beside it
OPTIONAL: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "cause": ("factors", "cause"),
    "help": ("help",),
    "area": ("area",),
    "worry": ("worry",),
    "why": ("why",),
    "reach": ("wish", "how"),
    "photos": (),
}
#: texts of the form that may stand in the organisation's own words, with the most characters of each
PROMPTS = {"text": 100, "text_hint": 400, "cause": 100, "help": 100}

_MARKUP = re.compile(r"[<>{}]|\[[^\]]*\]\(|https?:|www\.|&\w+;", re.IGNORECASE)


@dataclass(frozen=True)
class Questions:
    """The report form as the organisation wants it."""

    left_out: frozenset[str] = frozenset()
    #: by language: prompts in the organisation's own words
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Questions":
        """From the organisation's row; what is odd there is passed over, so that the form can always be shown."""
        left_out, words = stored.get("left_out"), stored.get("words")
        return cls(
            frozenset(one for one in left_out if one in OPTIONAL) if isinstance(left_out, list) else frozenset(),
            {
                str(language): {name: str(said) for name, said in prompts.items() if name in PROMPTS and said}
                for language, prompts in (words.items() if isinstance(words, dict) else ())
                if isinstance(prompts, dict)
            },
        )

    @property
    def stored(self) -> dict[str, Any]:
        """As the row holds it."""
        words = {language: dict(prompts) for language, prompts in self.words.items() if prompts}
        return {"left_out": [name for name in OPTIONAL if name in self.left_out], "words": words}

    @property
    def fields_left_out(self) -> frozenset[str]:
        """The names of the form's fields that are not asked."""
        return frozenset(name for one in self.left_out for name in OPTIONAL[one])

    def asks(self, question: str) -> bool:
        """Whether one of OPTIONAL is asked."""
        return question not in self.left_out

    def prompt(self, name: str, language: str) -> str:
        """One of PROMPTS in the organisation's own words; empty where the usual words stand."""
        return self.words.get(language, {}).get(name, "")


def trouble(name: str, said: str) -> str:
    """Why a prompt cannot stand on the form, as a sentence; empty where it can."""
    plain = unicodedata.normalize("NFKC", said)
    if len(said) > PROMPTS[name]:
        return f"At most {PROMPTS[name]} characters: take out {len(said) - PROMPTS[name]}"
    if "\n" in said:
        return "Write one line"
    if _MARKUP.search(plain):
        return "Write plain words, without links, brackets or signs of a program"
    hidden = hides(said)
    if hidden:
        return f"Take out {hidden}"
    found = asks(said)
    if found:
        return (
            f"Take out “{found}”: no question may ask who somebody is. A reporter who wants to be reached can say so "
            "in a part of the form that is sealed apart"
        )
    return ""
