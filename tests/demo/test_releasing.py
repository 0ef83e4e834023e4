"""What the story's guardians released would pass the text check among everything that was told, in every sector."""

import datetime as dt

import pytest

from concerns.areas.rules import areas_of
from concerns.demo.organisation import organisation
from concerns.demo.releasing import ANSWERED, NARRATIVES, OUR_VIEW, POINT
from concerns.demo.story import flags
from concerns.learning.rules import ANSWER, LEARNING, NARRATIVE, VIEW, Words
from concerns.themes.packs import SECTORS
from concerns.triage.releasing.rules import numbers_in_words
from concerns.words.checking import check

TEXTS = [
    *(Words(NARRATIVE, "2026-Q3", "N01", {"text": text}) for text in NARRATIVES),
    Words(VIEW, "2026-Q3", "", {"text": OUR_VIEW}),
    Words(LEARNING, "", "N01", {"text": POINT}),
    Words(ANSWER, "", "N01", ANSWERED),
]


@pytest.mark.parametrize("sector", SECTORS)
def test_the_text_check_passes_them(sector: str) -> None:
    told = [(str(at), one.text) for at, one in enumerate(flags(sector, "small", today=dt.date(2026, 11, 22)))]
    facts = areas_of([(row["name"], row["division"], row["staff"]) for row in organisation(sector)["areas"]])
    for words in TEXTS:
        assert check(words.text, told, [area.name for area in facts]).found == ()
        assert numbers_in_words(words) == []
