"""Lists of themes in TOML: what is read, and the sentence for each fault."""

import pytest

from concerns.themes.rules import PackError, find, groups, parse_themes

GOOD = """
[[themes]]
code = "T01"
name = "Food"
definition = "The quality, choice and temperature of food."
keywords = ["food", "meal", "food"]

# a comment
[[themes]]
code = "T02"
name = "Amount/clarity of  information"
definition = "Whether enough clear information was given."
spine = "PART"
group = "Words"
"""


def entry(**changes: str) -> str:
    fields = {"code": '"A1"', "name": '"Noise"', "definition": '"Too loud."', "keywords": '["loud"]', **changes}
    return "[[themes]]\n" + "\n".join(f"{key} = {value}" for key, value in fields.items() if value) + "\n"


def test_a_list_is_read_in_its_order() -> None:
    food, clarity = parse_themes(GOOD)
    assert (food.code, food.name, food.spine, food.group) == ("T01", "Food", None, None)
    assert food.keywords == ("food", "meal")
    assert (clarity.spine, clarity.group, clarity.keywords) == ("PART", "Words", ())


@pytest.mark.parametrize("text", ["T02", " t02 ", "amount/clarity of information", "Amount/Clarity  of information"])
def test_a_theme_is_found_by_code_or_name_in_any_case(text: str) -> None:
    found = find(parse_themes(GOOD), text)
    assert found is not None
    assert found.code == "T02"


def test_a_code_wins_over_a_name_and_nothing_is_found_for_nothing() -> None:
    themes = parse_themes(entry(name='"B1"') + entry(code='"B1"', name='"Other noise"'))
    found = find(themes, "b1")
    assert found is not None
    assert found.name == "Other noise"
    assert find(themes, "") is None
    assert find(themes, "Nois") is None


def test_a_definition_may_have_lines_and_the_file_a_byte_order_mark() -> None:
    (theme,) = parse_themes("\ufeff" + entry(definition='"""Too\nloud."""'))
    assert theme.definition == "Too loud."


def test_groups_count_only_where_every_theme_has_one() -> None:
    assert groups(parse_themes(GOOD)) == ()
    grouped = entry(group='"One"') + entry(code='"A2"', name='"Light"', group='"One"')
    assert groups(parse_themes(grouped)) == ("One",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[themes]\n", "is not valid TOML"),
        ("", "holds no \\[\\[themes\\]\\] entry"),
        ("themes = []", "holds no"),
        ("themes = [1]", "Theme 1 is not a"),
        (entry(code=""), "Theme 1 \\(line 1\\) has no code"),
        (entry() + "\n" + entry(code='"A2"', name='"  "'), "Theme 2 \\(line 7\\) has no name"),
        (entry(definition="3"), "has no definition"),
        (entry(code='"' + "x" * 21 + '"'), "has a code of 21 characters; at most 20 fit"),
        (entry(keywords='"loud"'), "keywords that are not a list of words"),
        (entry(keywords='[""]'), "keywords that are not a list of words"),
        (entry(keywords=f'["{"x" * 81}"]'), "has a keyword of 81 characters"),
        (entry(keywords='["a\\u0000"]'), "control character in its keywords"),
        (entry(name='"No\\nise"'), "Theme 1 \\(line 1\\) has a line break or another control character in its name"),
        (entry(code='"A\\u0000"'), "control character in its code"),
        (entry(group='"A\\u001b"'), "control character in its group"),
        (entry(definition='"A\\u0000"'), "control character in its definition"),
        ("a = " + "[" * 5000, "nested too deep"),
        ("a = 1" + "0" * 5000, "is not valid TOML"),
        (entry(spine='"LOUD"'), "has the spine code “LOUD”; it must be one of CARE"),
        (entry(colour='"red"'), "has a key we do not know: colour"),
        (entry(code='"Other"'), "kept for flags that fit no theme"),
        (entry() + entry(code='"a1"', name='"Light"'), "Theme 2 \\(line 6\\) repeats the code “a1”"),
        (entry() + entry(code='"A2"', name='"NOISE"'), "Theme 2 \\(line 6\\) repeats the name “NOISE”"),
    ],
)
def test_each_fault_gets_a_sentence_that_names_the_entry(text: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        parse_themes(text)
