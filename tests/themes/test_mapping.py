"""What became of themes: what a change must say, and which older themes a newer one stands for."""

import datetime as dt

import pytest

from concerns.store.session import Stores
from concerns.themes.mapping import ChangeRefused, Lineage, later_codes, lineages, pairs_of
from concerns.themes.queries import current_set, lineages_of, version_on
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import change_theme_set, store_theme_set

AUTUMN = dt.date(2026, 10, 5)


def some(*codes: str) -> list[ThemeFacts]:
    return [ThemeFacts(code, f"About {code}", None, None, "What it is.", ()) for code in codes]


@pytest.mark.parametrize(
    ("new", "moved", "message"),
    [
        ("A", {}, "Say what becomes of “About B”"),
        ("A B", {"A": ["B"]}, "“About A” goes on, so its code stays its own"),
        ("A C", {"B": ["D"]}, "“About B” is to become “D”, which is not in the new set"),
        ("A B", {"X": ["A"]}, "no theme with the code “X”"),
        ("A B Z", {}, "The code “Z” stood for another theme before"),
    ],
)
def test_a_change_that_loses_the_thread_is_refused(new: str, moved: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ChangeRefused, match=message):
        pairs_of(some("A", "B"), some(*new.split()), moved, {"A", "B", "Z"})


def test_merged_split_new_and_retired_themes_know_where_they_come_from() -> None:
    old, new = some("A", "B", "C", "D", "E"), some("A", "BC", "D1", "D2", "N")
    pairs = pairs_of(old, new, {"B": ["BC"], "C": ["BC"], "D": ["D1", "D2"], "E": []})
    assert lineages([pairs], [theme.code for theme in new]) == {
        "A": Lineage(),
        "BC": Lineage(frozenset("BC")),
        "D1": Lineage(frozenset(), frozenset("D")),
        "D2": Lineage(frozenset(), frozenset("D")),
        "N": Lineage(),
    }


def test_over_several_years_what_was_once_split_is_never_whole_again() -> None:
    first = pairs_of(some("A", "B"), some("A1", "A2", "B"), {"A": ["A1", "A2"]})
    second = pairs_of(some("A1", "A2", "B"), some("X", "A2"), {"A1": ["X"], "B": ["X"]})
    line = lineages([first, second], ["X", "A2"])["X"]
    assert line == Lineage(frozenset({"A1", "B"}), frozenset("A"))
    assert line.within("X", {"A1", "A2", "B"}) == {"A1", "B"}
    assert line.within("X", {"A", "B"}) == frozenset()


def test_a_code_of_next_year_counts_this_year_where_it_comes_from_one_theme() -> None:
    pairs = pairs_of(some("A", "B", "D"), some("AB", "D1", "D2", "N"), {"A": ["AB"], "B": ["AB"], "D": ["D1", "D2"]})
    newer = lineages([pairs], ["AB", "D1", "D2", "N"])
    assert later_codes({"A", "B", "D"}, newer) == {"D1": "D", "D2": "D"}


def test_a_change_waits_for_the_new_year_and_another_takes_its_place(stores: Stores) -> None:
    with stores.write_main() as main:
        store_theme_set(main, some("A", "B"), dt.date(2026, 1, 5))
        change_theme_set(main, some("A"), {"B": ["A"]}, AUTUMN)
        assert change_theme_set(main, some("A", "C"), {"B": ["C"]}, AUTUMN) == 2
    with stores.read_main() as main:
        assert version_on(main, dt.date(2026, 12, 31)) == 1
        assert [theme.code for theme in current_set(main, dt.date(2027, 1, 1))] == ["A", "C"]
        assert lineages_of(main, 2) == {"A": Lineage(), "C": Lineage(frozenset("B"))}
    with stores.write_main() as main, pytest.raises(ChangeRefused, match="stood for another theme"):
        change_theme_set(main, some("A", "B"), {"C": ["A"]}, dt.date(2027, 5, 1))
