"""Takes typed fields out of a table of answers; whatever is not as it should be gets a line that names its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.areas.rules import has_controls

_CONTROL_WORDS = "must not hold a line break or another control character"


@dataclass(frozen=True)
class Fields:
    """One table of the answers; `where` names it in every fault."""

    table: Mapping[str, Any]
    where: str
    faults: list[str]

    def say(self, what: str) -> None:
        self.faults.append(f"{self.where} {what}.")

    def text(self, key: str, default: str = "") -> str:
        """A text on one line; the default where there is none."""
        value = self.table.get(key, default)
        if not isinstance(value, str):
            self.say(f"{key} must be text")
        elif has_controls(value):
            self.say(f"{key} {_CONTROL_WORDS}")
        else:
            return value
        return default

    def said(self, key: str, otherwise: str) -> str:
        """A text on one line, without blanks around it; where nothing is said, `otherwise` is a fault."""
        before = len(self.faults)
        text = self.text(key).strip()
        if not text and len(self.faults) == before:  # what could not be taken is told already
            self.say(f"{key}: {otherwise}")
        return text

    def secret(self, key: str) -> str | None:
        """A text that may be left out. A fault never shows it."""
        return self.text(key) if key in self.table else None

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of different texts."""
        value = self.table.get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            self.say(f'{key} must be a list of text, like ["one", "two"]')
        elif any(has_controls(one) for one in value):
            self.say(f"{key} {_CONTROL_WORDS}")
        elif len(set(value)) < len(value):
            twice = next(one for one in value if value.count(one) > 1)
            self.say(f"{key}: “{short(twice)}” stands there twice")
        else:
            return tuple(value)
        return tuple(default)

    def yes_or_no(self, key: str) -> bool:
        """True or false; false where it is left out."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.say(f"{key} must be true or false")
        return value is True

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.say(f"{key} must be a whole number from {least:,} to {most:,}")
        return least

    def only(self, *known: str) -> None:
        """Name every key that is not known."""
        for key in sorted(set(self.table) - set(known)):
            self.say(f"{short(key)} is not something that set-up asks")


def short(text: str) -> str:
    """A text as a fault may repeat it: on one line, and not long."""
    line = " ".join("".join(" " if has_controls(sign) else sign for sign in text).split())
    return line if len(line) <= 60 else line[:60] + "…"
