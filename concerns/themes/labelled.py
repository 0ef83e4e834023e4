"""Reads what the commands on suggestions are given: a TOML of themes, and a CSV of texts with their themes."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from concerns.themes.rules import OTHER, PackError, ThemeFacts, parse_themes

COLUMNS = ("text", "themes")


class BadInput(ValueError):
    """A file or a line that cannot be used; the message names it and says why, on one line."""


class Labelled(NamedTuple):
    """A text, and the codes of its themes."""

    text: str
    codes: frozenset[str]


def read_themes(path: Path) -> tuple[ThemeFacts, ...]:
    """The themes of a TOML file."""
    try:
        return parse_themes(_read(path))
    except PackError as error:
        raise BadInput(f"{path}: {' '.join(str(error).split())}") from None


def read_labelled(path: Path, themes: Iterable[ThemeFacts]) -> list[Labelled]:
    """The rows of a CSV file with the columns text and themes: names or codes, several joined by `|`.

    Rows without a theme, or with “other” alone, are passed over: they were not sorted, or fit none.
    """
    codes = {_folded(key): theme.code for theme in reversed(tuple(themes)) for key in (theme.name, theme.code)}
    found = []
    for line, row in _rows(path):
        named = [name for name in row["themes"].split("|") if name.strip() and _folded(name) != OTHER]
        unknown = next((name for name in named if _folded(name) not in codes), None)
        if unknown is not None:
            raise BadInput(f"{path}, line {line}: there is no theme “{' '.join(unknown.split())[:60]}”.")
        if named:
            found.append(Labelled(row["text"], frozenset(codes[_folded(name)] for name in named)))
    if not found:
        raise BadInput(f"{path} holds no row with a theme.")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not text in UTF-8.") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or 'it cannot be read'}.") from None


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row, with the line on which it begins."""
    reader = csv.reader(io.StringIO(_read(path), newline=""), strict=True)
    try:
        places = _places(path, next(reader, []))
        begins = reader.line_num + 1
        for cells in reader:
            if cells:
                if len(cells) <= max(places.values()):
                    raise BadInput(f"{path}, line {begins}: there are only {len(cells)} of the columns.")
                yield begins, {name: cells[place] for name, place in places.items()}
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{path}, line {reader.line_num}: this is not CSV ({error}).") from None


def _places(path: Path, heading: Sequence[str]) -> dict[str, int]:
    names = [_folded(name) for name in heading]
    if any(names.count(name) != 1 for name in COLUMNS):
        raise BadInput(f"{path}: the first line has to name the columns {' and '.join(COLUMNS)}, each once.")
    return {name: names.index(name) for name in COLUMNS}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
