"""Words of serious harm are met however they were written."""

import pytest

from concerns.themes.packs import SECTORS, load_pack
from concerns.triage.index.serious import Serious, serious_words

NAMED = ("knife", "on fire", "self harm*", "don't wake up")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He has a KNIFE, a knife!", ["knife"]),
        ("He has a k\u00adnife.", ["knife"]),
        ("He has a 𝐤𝐧𝐢𝐟𝐞.", ["knife"]),
        ("It is on \ufb01re", ["on fire"]),
        ("It is on\u00a0\n fire", ["on fire"]),
        ("She self‑harms. Self–harming, self harmed", ["self-harms", "self-harming", "self harmed"]),
        ("They don’t wake up", ["don't wake up"]),
        ("The penknifes are fireworks on fires", []),
    ],
)
def test_a_word_is_met(text: str, found: list[str]) -> None:
    assert Serious(NAMED).found(text) == found


def test_without_a_list_nothing_is_met() -> None:
    assert Serious(()).found("knife") == []


@pytest.mark.parametrize("sector", SECTORS)
def test_every_entry_of_every_list_is_met_as_a_phone_and_a_pdf_write_it(sector: str) -> None:
    words = load_pack(sector).serious
    met = serious_words(words)
    for word in words:
        said = word.replace("*", "")
        for written in (said, said.upper(), said.replace("'", "’"), said.replace("fi", "\ufb01"), "\u00ad".join(said)):
            assert met.found(f"It was {written}."), written
