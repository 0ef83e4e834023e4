"""What `concerns inspect-text` does: texts as JSON lines in, their identifying details as JSON lines out."""

import json
from collections.abc import Iterable, Iterator

from concerns.words.rules import spot


class BadLine(ValueError):
    """A line that cannot be read; the message names it and says why."""


def inspected(lines: Iterable[bytes]) -> Iterator[str]:
    """For each line {"text"} a line {"spans": [[start, end, kind], …]}; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            spans = [[span.start, span.end, span.kind] for span in spot(text_of(number, line))]
            yield json.dumps({"spans": spans})


def text_of(number: int, line: bytes) -> str:
    """The text of one JSON line {"text"}. Raises BadLine."""
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine(f"Line {number} is not text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadLine(f"Line {number} is not JSON.") from None
    text = told.get("text") if isinstance(told, dict) else None
    if not isinstance(text, str):
        raise BadLine(f'Line {number} holds no {{"text": "…"}}.')
    return text
