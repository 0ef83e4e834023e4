"""What `concerns suggest` does: texts as JSON lines in, their themes as JSON lines out."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from concerns.themes.engine import Engine
from concerns.themes.labelled import BadInput, read_labelled
from concerns.themes.rules import ThemeFacts


def suggested(lines: Iterable[bytes], themes: Sequence[ThemeFacts], labelled: Path | None) -> Iterator[str]:
    """For each line {"text"} a line {"themes": [[code, score], …]}, all themes, best first; empty lines are passed over.

    Raises BadInput.
    """
    engine = Engine(themes).fit(read_labelled(labelled, themes) if labelled else ())
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = engine.suggest(_text_of(number, line), len(themes))
            yield json.dumps({"themes": [[one.theme.code, round(one.score, 4)] for one in found]}, ensure_ascii=False)


def _text_of(number: int, line: bytes) -> str:
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"Line {number} is not text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadInput(f"Line {number} is not JSON.") from None
    text = told.get("text") if isinstance(told, dict) else None
    if not isinstance(text, str):
        raise BadInput(f'Line {number} holds no {{"text": "…"}}.')
    return text
