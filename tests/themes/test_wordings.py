"""What a theme was described by before its words were changed is kept, on both stores, and can be put back."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from concerns.store.session import Stores
from concerns.themes import wordings
from concerns.themes.model import ThemeWording
from concerns.themes.queries import current_set, set_of
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import replace_theme_set, store_theme_set
from concerns.themes.wordings import Rewording, Words, earlier, earlier_one, newest_rewording, reword_theme

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
ADA, ALAN = b"a" * 16, b"b" * 16
NOW = tuple(ThemeFacts(code, f"About {code}", None, None, f"What {code} is.", ("word",)) for code in "ABC")
FIRST = Words("What A is.", ("word",))


@pytest.fixture
def founded_stores(stores: Stores) -> Stores:
    with stores.write_main() as main:
        store_theme_set(main, NOW, dt.date(2026, 1, 5))
    return stores


def reword(stores: Stores, code: str, definition: str, *keywords: str, day: dt.date = MONDAY, who: bytes = ADA) -> None:
    with stores.write_main() as main:
        reword_theme(main, code, Words(definition, keywords), 1, day, who)


def definitions(stores: Stores, code: str, most: int = 20, under: int | None = None) -> list[str]:
    with stores.read_main() as main:
        return [one.words.definition for one in earlier(main, code, most, under)]


def newest(stores: Stores) -> Rewording | None:
    with stores.read_main() as main:
        return newest_rewording(main, set_of(main, 1))


def test_what_was_replaced_is_kept_with_its_day_and_who_replaced_it(founded_stores: Stores) -> None:
    reword(founded_stores, "A", "Second.", "rota", "shift")
    reword(founded_stores, "B", "Other.", day=TUESDAY)
    reword(founded_stores, "A", "Third.", day=TUESDAY, who=ALAN)
    with founded_stores.read_main() as main:
        found = earlier(main, "A", 20)
        theme = current_set(main, TUESDAY)[0]
        assert earlier_one(main, "A", found[1].n) == found[1]
        assert earlier_one(main, "B", found[1].n) is None and earlier_one(main, "A", 99) is None
    assert (theme.definition, theme.keywords) == ("Third.", ())
    assert [(one.words, one.until, one.changed_by) for one in found] == [
        (Words("Second.", ("rota", "shift")), TUESDAY, ALAN),
        (FIRST, MONDAY, ADA),
    ]


def test_a_page_of_them_goes_on_where_the_one_before_ended(founded_stores: Stores) -> None:
    for number in range(5):
        reword(founded_stores, "A", f"Number {number}.")
        reword(founded_stores, "B", f"Between {number}.")
    assert definitions(founded_stores, "A", 2) == ["Number 3.", "Number 2."]
    with founded_stores.read_main() as main:
        last = earlier(main, "A", 2)[-1].n
    assert definitions(founded_stores, "A", 2, last) == ["Number 1.", "Number 0."]
    assert definitions(founded_stores, "C") == []


def test_the_same_words_again_are_no_change_and_a_theme_that_is_gone_is_none(founded_stores: Stores) -> None:
    reword(founded_stores, "A", *FIRST.definition.splitlines(), *FIRST.keywords)
    reword(founded_stores, "Z", "Nothing.")
    with founded_stores.read_main() as main:
        assert main.scalars(select(ThemeWording)).all() == []


def test_the_newest_day_is_one_change_however_often_somebody_saved(founded_stores: Stores) -> None:
    assert newest(founded_stores) is None
    reword(founded_stores, "C", "Long ago.")
    reword(founded_stores, "A", "A slip.", day=TUESDAY)
    reword(founded_stores, "B", "Other.", "more", day=TUESDAY)
    reword(founded_stores, "A", "Better.", day=TUESDAY, who=ALAN)
    found = newest(founded_stores)
    assert found is not None and found.on == TUESDAY
    assert [(before.definition, now.definition) for before, now in found.changed] == [
        ("What A is.", "Better."),
        ("What B is.", "Other."),
    ]
    assert [theme.definition for theme in found.before] == ["What A is.", "What B is.", "Long ago."]


def test_what_was_put_back_on_the_same_day_changed_nothing(founded_stores: Stores) -> None:
    reword(founded_stores, "A", "Second.")
    reword(founded_stores, "A", *FIRST.definition.splitlines(), *FIRST.keywords)
    found = newest(founded_stores)
    assert found is not None and found.changed == [] and found.before == NOW


def test_only_so_many_changes_are_looked_through(founded_stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordings, "MOST_OF_DAY", 2)
    for number in range(4):
        reword(founded_stores, "A", f"Number {number}.")
    found = newest(founded_stores)
    assert found is not None
    assert [before.definition for before, _now in found.changed] == ["Number 1."]


def test_two_admins_at_once_lose_nothing(founded_stores: Stores) -> None:
    barrier = Barrier(4)

    def save(number: int) -> None:
        barrier.wait()
        reword(founded_stores, "AB"[number % 2], f"Number {number}.")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(4)))
    with founded_stores.read_main() as main:
        assert sorted(main.scalars(select(ThemeWording.n))) == [1, 2, 3, 4]
    assert definitions(founded_stores, "A")[-1] == "What A is."


def test_in_set_up_a_code_that_is_gone_takes_its_words_with_it(founded_stores: Stores) -> None:
    reword(founded_stores, "A", "Second.")
    reword(founded_stores, "B", "Other.")
    with founded_stores.write_main() as main:
        replace_theme_set(main, NOW[1:], 1)
    assert (definitions(founded_stores, "A"), definitions(founded_stores, "B")) == ([], ["What B is."])
