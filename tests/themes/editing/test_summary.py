"""What changed in the words of a theme, in one sentence."""

from dataclasses import replace

import pytest

from concerns.themes.editing.summary import reworded
from concerns.themes.rules import ThemeFacts

ROTA = ThemeFacts("A", "Rotas", None, None, "Who works when.", ("rota", "shift"))


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (replace(ROTA, definition="When."), "“Rotas”: another definition."),
        (replace(ROTA, keywords=("rota", "night", "day")), "“Rotas”: with “night” and “day”, without “shift”."),
        (replace(ROTA, keywords=("shift", "rota")), "“Rotas”: its keywords in another order."),
        (
            replace(ROTA, name="Duty", definition="W.", keywords=()),
            "“Duty”: another definition, without “rota” and “shift”.",
        ),
    ],
)
def test_a_change_of_words(now: ThemeFacts, says: str) -> None:
    assert reworded(ROTA, now) == says


def test_many_words_are_counted() -> None:
    many = tuple(f"word {number}" for number in range(13))
    assert reworded(ROTA, replace(ROTA, keywords=(*ROTA.keywords, *many))).endswith("“word 9” and 3 more.")
