"""The board paper where no number is reported: the same thirteen parts, and none that anything could be counted from."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from concerns.reports import promise_parts
from concerns.reports.board.composing import Typed, changed_part, content, learning_part, message_part
from concerns.reports.flag_parts import figures_grid
from concerns.reports.gathering import Material, Uncounted, learnt
from concerns.reports.parts import Part
from concerns.reports.word_parts import VIEW

_NO_NUMBER = "No number is reported"
_WHY = (
    "In a small organisation any number could point to somebody. Guardians tell in words what staff agreed to pass on."
)
#: what holds numbers made of flags elsewhere, after the volume
_COUNTED = (
    "Themes",
    "Who is heard and who is silent",
    "Severity and safety",
    "Detriment and the closing questions",
    "Timeliness",
)


def content_of(made: Material | Uncounted, typed: Typed) -> dict[str, Any]:
    """A paper without its version, with numbers or without."""
    if isinstance(made, Material):
        return content(made, typed)
    return {
        "organisation": made.organisation,
        "period": str(made.period),
        "in_words": made.period.in_words,
        "release": None,
        "parts": [asdict(part) for part in _compose(made, typed)],
    }


def _compose(made: Uncounted, typed: Typed) -> Sequence[Part]:
    return (
        message_part(typed),
        changed_part(made.promises, made.period, typed),
        Part("Volume over time", _NO_NUMBER, (_WHY,)),
        *(Part(name, _NO_NUMBER) for name in _COUNTED),
        promise_parts.actions_part(made.promises, made.period),
        _figures(made),
        Part(VIEW, "Guardians write one beside a report of numbers. Here they speak in the learning points"),
        learning_part(learnt(made.points), typed.learning),
        _limits(),
    )


def _figures(made: Uncounted) -> Part:
    grid = figures_grid(list(made.lines.values()))
    return Part(
        "Flags beside other figures",
        "No number of flags stands beside these" if grid else "Nobody has typed in other figures",
        grid=grid,
    )


def _limits() -> Part:
    return Part(
        "What this cannot tell you",
        "That little stands here does not mean that little was raised",
        (
            "No flag is counted for leaders or for the board, by any road.",
            "A learning point rests only on flags whose reporters agreed that people may learn from them.",
            "No ward, team, week or person can be told, by anybody, however often it is asked.",
        ),
    )
