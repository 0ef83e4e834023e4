"""One line of a table of numbers, its bar, and how keys are called. Pure."""

from dataclasses import dataclass

from concerns.areas.rules import NOT_SAID
from concerns.disclosure.display import HIDDEN, Shown
from concerns.disclosure.document import Stored
from concerns.themes.rules import OTHER

NAMES = {OTHER: "None of the themes", NOT_SAID: "Not said"}


@dataclass(frozen=True)
class Bar:
    """Where a bar and its range end, in hundredths of the widest range of the table."""

    value: int
    low: int
    high: int


@dataclass(frozen=True)
class Row:
    """One line of a table. Zero, few, hidden and too large a share give the same row."""

    name: str
    shown: Shown | None
    bar: Bar | None = None
    #: how it compares with the release before, or the sentence about silence
    remark: str = ""
    #: the theme's code or the group's name
    key: str = ""
    #: more than chance and noise explain
    signal: bool = False
    #: said beside a hidden number that was shown before and cannot be compared with that
    beside: str = ""

    @property
    def silent(self) -> bool:
        """Whether it was shown in each of the last releases, and is hidden now."""
        return self.shown is None and bool(self.remark)

    @property
    def text(self) -> str:
        said = self.shown.text if self.shown else self.remark or HIDDEN
        return said.capitalize()


def bar(shown: Shown | None, widest: int) -> Bar | None:
    """A bar's geometry, against the widest range of its table."""
    if shown is None or widest <= 0:
        return None
    return Bar(*(round(100 * max(0, part) / widest) for part in (shown.value, shown.low, shown.high)))


def name_of(stored: Stored, key: str) -> str:
    """The name of a theme, a group, or of what is neither."""
    names = {theme.code: theme.name for theme in stored.table.themes}
    return NAMES.get(key) or names.get(key, key)
