"""The four sector packs: complete, within the fixed spine, safe to show."""

import re
import tomllib
from pathlib import Path

import pytest

from concerns.charter.policy import CLOCKS
from concerns.themes import packs
from concerns.themes.packs import SECTORS, load_pack
from concerns.themes.rules import SPINE, PackError, groups

HOW_MANY = {"council": 14, "children": 12, "school": 14, "nhs": 14}
FIXED = "CARE SAFE STAF WELL BEHV SEXH EQUA LEAD PROC MONY DATA ESTE SKIL PART".split()
SURE_NUMBERS = {"999", "111", "101", "116 123", "020 3117 2520", "0800 028 0285"}
BANNED = re.compile(r"whistleblow|\bcases?\b|\baccus|investigate you|good faith|fingerprint", re.IGNORECASE)


def test_the_spine_is_the_fixed_fourteen() -> None:
    assert list(SPINE) == FIXED


@pytest.mark.parametrize("sector", SECTORS)
def test_a_pack_has_its_themes_in_four_groups(sector: str) -> None:
    pack = load_pack(sector)
    assert pack.sector == sector
    assert len(pack.themes) == HOW_MANY[sector]
    assert len(groups(pack.themes)) == 4
    assert {theme.spine for theme in pack.themes} <= set(FIXED)
    assert all(theme.keywords for theme in pack.themes)
    assert all(theme.definition.endswith(".") for theme in pack.themes)


@pytest.mark.parametrize("sector", SECTORS)
def test_every_theme_has_a_standing_answer_without_numbers(sector: str) -> None:
    pack = load_pack(sector)
    assert set(pack.answers) == {theme.code for theme in pack.themes}
    for answer in pack.answers.values():
        for text in (answer.known, answer.doing):
            assert text.endswith(".")
            assert not re.search(r"\d", text)
            assert not BANNED.search(text)


@pytest.mark.parametrize("sector", SECTORS)
def test_numbers_are_known_ones_or_left_for_the_organisation(sector: str) -> None:
    posts = load_pack(sector).signposts
    for post in posts:
        assert post.number in SURE_NUMBERS or re.match(r"Ask .+ for ", post.number)
    assert any(post.danger and post.number == "999" and post.hours == "Day and night" for post in posts)
    assert posts[0].danger


@pytest.mark.parametrize("sector", SECTORS)
def test_wording_routes_and_clocks_are_there(sector: str) -> None:
    pack = load_pack(sector)
    assert set(pack.wording) == {"guardian", "guardians", "organisation", "place", "people"}
    assert len(pack.routes) == 3
    assert sum("LADO" in route for route in pack.routes) == (0 if sector == "nhs" else 1)
    assert pack.divisions
    assert not any(BANNED.search(text) for text in (*pack.routes, *pack.wording.values()))
    assert set(pack.clocks) == set(CLOCKS)


@pytest.mark.parametrize("sector", ["school", "children"])
def test_nobody_is_called_a_guardian_where_a_guardian_is_a_childs(sector: str) -> None:
    assert "guardian" not in " ".join(load_pack(sector).wording.values()).lower()


def test_quotation_marks_in_packs_are_typographic() -> None:
    for path in (Path(packs.__file__).parent / "packs").glob("*.toml"):
        values = re.findall(r'"([^"\n]*)"', path.read_text(encoding="utf-8"))
        assert values
        assert not [value for value in values if "'" in value]
        assert tomllib.loads(path.read_text(encoding="utf-8"))["name"] in values


def test_another_sector_is_refused() -> None:
    with pytest.raises(PackError, match="no pack for the sector “zoo”"):
        load_pack("zoo")
