"""Standing answers: one a theme, dated by month."""

import datetime as dt

import pytest

from concerns.learning.queries import answers
from concerns.learning.service import set_answer
from concerns.store.session import Stores
from concerns.themes.packs import load_pack

THEMES = load_pack("nhs").themes


def test_answers_come_in_the_order_of_the_themes_and_dated_by_month(stores: Stores) -> None:
    with stores.write_main() as main:
        set_answer(main, "N03", " We know. ", "We do.", dt.date(2026, 11, 22))
        set_answer(main, "N01", "We know too.", "We do too.", dt.date(2026, 10, 1))
        set_answer(main, "X99", "Of a theme no longer here.", "Nothing.", dt.date(2026, 10, 1))
    with stores.read_main() as main:
        first, second = answers(main, THEMES)
    assert (first.theme_code, first.theme_name, first.month) == ("N01", "Unsafe care or quality", dt.date(2026, 10, 1))
    assert (second.known, second.doing, second.month) == ("We know.", "We do.", dt.date(2026, 11, 1))


def test_a_new_answer_takes_the_place_of_the_old_one(stores: Stores) -> None:
    for month, doing in ((3, "We begin."), (6, "We did it.")):
        with stores.write_main() as main:
            set_answer(main, "N03", "We know.", doing, dt.date(2026, month, 9))
    with stores.read_main() as main:
        (entry,) = answers(main, THEMES)
    assert (entry.doing, entry.month) == ("We did it.", dt.date(2026, 6, 1))


@pytest.mark.parametrize(("known", "doing"), [("", "We do."), ("We know.", "  ")])
def test_an_empty_answer_is_refused(stores: Stores, known: str, doing: str) -> None:
    with stores.write_main() as main, pytest.raises(ValueError, match="what we already know and what we do"):
        set_answer(main, "N03", known, doing, dt.date(2026, 11, 22))
