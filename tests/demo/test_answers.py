"""What the invented trust answered later fits its themes and its story."""

import datetime as dt

from concerns.demo.organisation import later_answers
from concerns.demo.plot import BEGINS, NEW_SYSTEM, PHARMACISTS
from concerns.themes.packs import load_pack


def test_later_answers_are_about_themes_of_the_pack_and_dated_by_month() -> None:
    codes = {theme.code for theme in load_pack("nhs").themes}
    answers = later_answers("nhs")
    assert len(answers) == 3
    for answer in answers:
        assert answer["theme"] in codes
        assert answer["month"].day == 1 and answer["month"] > BEGINS


def test_an_answer_comes_after_what_it_tells_of() -> None:
    months: dict[str, dt.date] = {answer["theme"]: answer["month"] for answer in later_answers("nhs")}
    assert months["N02"] > PHARMACISTS and months["N07"] > NEW_SYSTEM


def test_other_sectors_keep_their_first_answers() -> None:
    assert later_answers("school") == []
