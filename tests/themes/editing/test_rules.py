"""What a theme may be called and described by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.themes.editing.rules import (
    EditRefused,
    clean_definition,
    clean_group,
    clean_keywords,
    clean_name,
    clean_spine,
    folded,
    new_code,
    shared_keywords,
    telling_names,
)
from concerns.themes.packs import SECTORS, load_pack
from concerns.themes.rules import ThemeFacts, themes_of

NHS = load_pack("nhs").themes


def theme(code: str, name: str, *keywords: str) -> ThemeFacts:
    return ThemeFacts(code, name, None, None, "What it is.", keywords)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("  ", "Name: write what the theme is called"),
        ("Other", "Name: “other” is kept"),
        ("staffing AND skill mix", "Name: the theme “Staffing and skill mix” has this name already"),
        ("n03", "has this name already"),
        ("=1+1", "not with “=”"),
        ("@SUM(A1)", "not with “@”"),
        ("-2", "not with “-”"),
        ("<b>Loud</b>", "leave out the sign “<”"),
        ("Loud | quiet", "leave out the sign “|”"),
        ("{{ 7 * 7 }}", "leave out the sign “{”"),
        ("Loud\u202egnol", "take out the characters that cannot be seen"),
        ("Loud\u200b", "take out the characters that cannot be seen"),
        ("x" * 121, "at most 120 characters"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_one_sentence(name: str, says: str) -> None:
    with pytest.raises(EditRefused) as refused:
        clean_name(name, NHS)
    assert refused.value.field == "name"
    assert says in str(refused.value)


@given(st.text(max_size=130))
def test_a_name_that_is_kept_can_stand_in_a_list_of_themes_and_in_a_spreadsheet(text: str) -> None:
    try:
        name = clean_name(text, NHS)
    except EditRefused:
        return
    assert name[0] not in "=+-@\t\r"
    assert not set("<>{}[]|\\`") & set(name)
    assert clean_name(name, NHS) == name
    kept = [{"code": one.code, "name": one.name, "definition": one.definition} for one in NHS]
    assert themes_of([*kept, {"code": "NEW", "name": name, "definition": "x"}])[-1].name == name


def test_a_theme_may_keep_its_own_name() -> None:
    assert clean_name(" Staffing  and skill mix", NHS, "N03") == "Staffing and skill mix"


def test_other_fields_are_refused_where_they_do_not_fit() -> None:
    assert clean_group(" ") is None and clean_spine("") is None and clean_spine("STAF") == "STAF"
    assert clean_definition(" One\n two ") == "One two"
    for wrong, field in (
        (lambda: clean_group("=A1"), "group"),
        (lambda: clean_spine("XXXX"), "spine"),
        (lambda: clean_definition(" \n"), "definition"),
        (lambda: clean_definition("x" * 501), "definition"),
        (lambda: clean_keywords("\n".join(f"word{number}" for number in range(201))), "keywords"),
        (lambda: clean_keywords("x" * 81), "keywords"),
        (lambda: clean_keywords("ro\u200bta"), "keywords"),
    ):
        with pytest.raises(EditRefused) as refused:
            wrong()
        assert refused.value.field == field
        assert "\n" not in str(refused.value)


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "Nd", "Zs"]), max_size=20), max_size=30))
def test_keywords_are_kept_once_each_in_their_order(lines: list[str]) -> None:
    kept = clean_keywords("\n".join(lines))
    assert clean_keywords("\n".join(kept)) == kept
    assert len({folded(word) for word in kept}) == len(kept) and all(kept)


@given(st.sets(st.from_regex(r"[A-Z]{1,2}[0-9]{1,3}|[a-z]{1,4}", fullmatch=True), max_size=30))
def test_a_new_code_was_never_used(used: set[str]) -> None:
    code = new_code(used)
    assert code.casefold() not in {one.casefold() for one in used}
    assert 0 < len(code) <= 20


def test_a_new_code_follows_the_others() -> None:
    assert [new_code([one.code for one in load_pack(sector).themes]) for sector in SECTORS] == [
        "C15",
        "K13",
        "S15",
        "N15",
    ]
    assert new_code([]) == "T01"


def test_shared_keywords_are_found_in_any_form() -> None:
    found = shared_keywords([theme("A", "Light", "broken lamps", "dark"), theme("B", "Repairs", "broken lamp", "leak")])
    assert [(one.one, one.other, one.words) for one in found] == [("Light", "Repairs", ("broken lamps",))]
    assert shared_keywords([theme("A", "Light", "dark"), theme("B", "Water", "leak")]) == []


def test_names_that_point_to_a_person_or_a_day_are_pointed_out() -> None:
    named = [theme("A", "What Mrs Smith did"), theme("B", "The fire on 3 March 2026"), theme("C", "Fire safety")]
    assert telling_names(named) == ["What Mrs Smith did", "The fire on 3 March 2026"]
    for sector in SECTORS:
        assert telling_names(load_pack(sector).themes) == []
