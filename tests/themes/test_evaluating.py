"""What `concerns evaluate` measures, and how its files are read."""

import json
from pathlib import Path

import pytest

from concerns.themes.evaluating import evaluated, halves, measure
from concerns.themes.labelled import BadInput, Labelled, read_labelled, read_themes
from concerns.themes.rules import ThemeFacts

FOOD = ThemeFacts("F", "Food", None, None, "Eating.", ("food",))
STAFF = ThemeFacts("S", "Staff", None, None, "People.", ("agency",))
THEMES = (FOOD, STAFF)
RIGHT = [Labelled(f"The food is cold {n}", frozenset("F")) for n in range(10)]
WRONG = [Labelled(f"The agency sends food {n}", frozenset("S")) for n in range(10)]


def written(folder: Path, text: str | bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_all_right_is_one_everywhere() -> None:
    found = measure(THEMES, RIGHT, 0, 1)
    assert (found.n, found.top1, found.top3, found.macro_f1) == (5, 1, 1, 1)
    assert (found.strong_precision, found.strong_share) == (1, 1)


def test_a_theme_that_comes_near_counts_as_said() -> None:
    found = measure(THEMES, WRONG, 0, 1)
    assert (found.top1, found.top3) == (0, 1)  # both fit alike, the admin’s order decides
    assert found.macro_f1 == 0.5  # “Staff” is said and right, “Food” is said and wrong
    assert (found.strong_precision, found.strong_share) == (0, 0)


def test_labels_are_learnt_from_one_half_and_the_other_is_scored_whatever_their_number() -> None:
    rows = RIGHT + WRONG
    learning, scored = halves(rows, 3)
    assert sorted(learning + scored) == sorted(rows)
    assert halves(rows, 3) == (learning, scored)
    assert halves(rows, 4) != (learning, scored)
    cold, taught = measure(THEMES, rows, 0, 3), measure(THEMES, rows, 10, 3)
    assert cold.n == taught.n == 10
    assert taught.top1 > cold.top1


def test_a_file_is_read_by_names_or_codes_and_unsorted_rows_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, '\ufeffThemes,id,text\r\nfood|s,1,"a\nb"\r\n,2,c\r\nother,3,d\r\n\r\nSTAFF,4,e\r\n')
    assert read_labelled(path, THEMES) == [Labelled("a\nb", frozenset("FS")), Labelled("e", frozenset("S"))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("text,themes\na,Food\nb,Nonsense\n", "line 3: there is no theme “Nonsense”"),
        ('text,themes\n"a\nb",Food\nc,No\n', "line 4: there is no theme “No”"),
        ("text,themes\na\n", "line 2: there are only 1 of the columns"),
        ("text\na\n", "has to name the columns text and themes, each once"),
        ("text,text,themes\na,b,Food\n", "each once"),
        ("", "has to name the columns"),
        ("text,themes\na,\n", "holds no row with a theme"),
        ('text,themes\n"a,Food\n', "this is not CSV"),
        (b"text,themes\n\xff,Food\n", "is not text in UTF-8"),
        ("text,themes\na,Food\n", "holds one row with a theme"),
    ],
)
def test_a_bad_file_gets_one_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message) as refused:
        evaluated(written(tmp_path, text), THEMES, 0, 1)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(("text", "message"), [("[[themes]]\n", "Theme 1"), ("a = [\n", "not valid TOML"), ("", "no")])
def test_bad_themes_get_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as refused:
        read_themes(written(tmp_path, text, "themes.toml"))
    assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(BadInput, match="No such file"):
        read_themes(tmp_path / "nowhere.toml")


def test_fewer_rows_than_asked_for_are_said(tmp_path: Path) -> None:
    path = written(tmp_path, "text,themes\n" + "food,F\n" * 6)
    measures, remark = evaluated(path, THEMES, 500, 1)
    assert json.loads(measures) | {"n": 3, "top1": 1.0} == json.loads(measures)
    assert remark == "Learnt from 3 rows: half of those with a theme."
    assert not evaluated(path, THEMES, 3, 1)[1]
