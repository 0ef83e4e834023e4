"""What `concerns suggest` does: texts as JSON lines in, their themes as JSON lines out."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from concerns.themes.engine import Engine
from concerns.themes.labelled import BadInput, read_labelled
from concerns.themes.rules import ThemeFacts
from concerns.words.inspecting import BadLine, text_of


def suggested(lines: Iterable[bytes], themes: Sequence[ThemeFacts], labelled: Path | None) -> Iterator[str]:
    """For each line {"text"} a line {"themes": [[code, score], …]}, all themes, best first; empty lines are passed over.

    Raises BadInput.
    """
    engine = Engine(themes).fit(read_labelled(labelled, themes) if labelled else ())
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                text = text_of(number, line)
            except BadLine as error:
                raise BadInput(str(error)) from None
            found = engine.suggest(text, len(themes))
            yield json.dumps({"themes": [[one.theme.code, round(one.score, 4)] for one in found]}, ensure_ascii=False)
