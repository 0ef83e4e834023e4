"""Versions of the theme set: stored whole, found by day."""

import datetime as dt
from dataclasses import replace

import pytest

from concerns.store.session import Stores
from concerns.themes.model import Theme
from concerns.themes.packs import load_pack
from concerns.themes.queries import NoThemeSet, current_set, set_of, spines_of, version_on
from concerns.themes.rules import ThemeFacts
from concerns.themes.service import store_theme_set

FIRST, SECOND = dt.date(2026, 1, 5), dt.date(2027, 1, 4)
LIGHT = ThemeFacts("L1", "Light", None, None, "Too dark.", ("lamp",))


def test_a_pack_comes_back_as_it_was_stored(stores: Stores) -> None:
    pack = load_pack("nhs")
    with stores.write_main() as main:
        assert store_theme_set(main, pack.themes, FIRST) == 1
    with stores.read_main() as main:
        assert tuple(set_of(main, 1)) == pack.themes


def test_a_day_has_the_version_that_started_last(stores: Stores) -> None:
    with stores.write_main() as main:
        store_theme_set(main, load_pack("nhs").themes, FIRST)
        assert store_theme_set(main, [LIGHT], SECOND) == 2
    with stores.read_main() as main:
        assert version_on(main, SECOND - dt.timedelta(days=1)) == 1
        assert current_set(main, SECOND) == [LIGHT]
        assert version_on(main, dt.date(2020, 1, 1)) == 1  # flags older than the service are sorted by the first


def test_retired_themes_are_left_out(stores: Stores) -> None:
    with stores.write_main() as main:
        store_theme_set(main, load_pack("council").themes, FIRST)
        main.query(Theme).filter_by(code="C03").one().retired = True
    with stores.read_main() as main:
        codes = [theme.code for theme in set_of(main, 1)]
    assert len(codes) == 13
    assert "C03" not in codes


def test_a_version_says_which_spine_code_a_theme_has_and_others_only_of_what_it_lacks(stores: Stores) -> None:
    sets: list[dict[str, str | None]] = [
        {"A": "CARE", "B": "STAF", "gone": "WELL", "moved": "CARE"},
        {"A": "STAF", "B": None, "moved": "WELL"},
        {"A": "EQUA", "B": "BEHV", "new": "CARE"},
        {"A": "SEXH", "new": "WELL", "moved": "SEXH"},
    ]
    with stores.write_main() as main:
        for year, spines in enumerate(sets, 2026):
            themes = [replace(LIGHT, code=code, spine=spine) for code, spine in spines.items()]
            store_theme_set(main, themes, dt.date(year, 1, 1))
    with stores.read_main() as main:
        found = [spines_of(main, version) for version in (1, 2, 3, 4)]
    assert found == [
        {"A": "CARE", "B": "STAF", "gone": "WELL", "moved": "CARE", "new": "CARE"},
        {"A": "STAF", "gone": "WELL", "moved": "WELL", "new": "CARE"},
        {"A": "EQUA", "B": "BEHV", "gone": "WELL", "moved": "WELL", "new": "CARE"},
        {"A": "SEXH", "B": "BEHV", "gone": "WELL", "moved": "SEXH", "new": "WELL"},
    ]


def test_without_a_set_there_is_a_clear_error(stores: Stores) -> None:
    with stores.write_main() as main, pytest.raises(ValueError, match="needs a theme"):
        store_theme_set(main, [], FIRST)
    with stores.read_main() as main:
        with pytest.raises(NoThemeSet, match="No theme set"):
            current_set(main, FIRST)
        with pytest.raises(NoThemeSet, match="version 7"):
            set_of(main, 7)
