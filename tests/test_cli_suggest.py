"""`concerns suggest` and `concerns evaluate`, as scripts and outside checks call them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from concerns.cli import main

THEMES = """
[[themes]]
code = "F"
name = "Food"
definition = "Eating and drinking."
keywords = ["food"]

[[themes]]
code = "S"
name = "Staffing"
definition = "Too few people."
keywords = ["agency"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "themes.toml").write_text(THEMES)
    (tmp_path / "rows.csv").write_text("text,themes\n" + "The porridge,Food\nThe agency,S\n" * 6)
    return tmp_path


def run(*words: str, told: str = "") -> Result:
    return CliRunner().invoke(main, [*words], input=told)


def lines(result: Result) -> list[Any]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_text_gets_all_themes_best_first() -> None:
    told = '{"text": "The agency"}\n\n{"text": "\\ud83d\\ude00", "id": 3}\n'
    agency, nothing = lines(run("suggest", "--themes", "themes.toml", told=told))
    assert [code for code, _score in agency["themes"]] == ["S", "F"]
    assert agency["themes"][0][1] > agency["themes"][1][1] == 0
    assert nothing == {"themes": [["F", 0.0], ["S", 0.0]]}


def test_labelled_rows_are_learnt_from() -> None:
    given = ("suggest", "--themes", "themes.toml", "--labelled", "rows.csv")
    (found,) = lines(run(*given, told='{"text": "Grey porridge"}'))
    assert found["themes"][0][0] == "F"
    assert found["themes"][0][1] > 0


def test_a_sector_brings_its_own_themes() -> None:
    (found,) = lines(run("suggest", "--sector", "school", told='{"text": "Nothing was logged on CPOMS"}'))
    assert found["themes"][0][0] == "S01"
    assert len(found["themes"]) == 14


def test_evaluate_prints_the_measures() -> None:
    (cold,) = lines(run("evaluate", "rows.csv", "--themes", "themes.toml"))
    assert list(cold) == ["n", "top1", "top3", "macro_f1", "strong_precision", "strong_share"]
    assert cold["n"] == 6
    (taught,) = lines(run("evaluate", "rows.csv", "--themes", "themes.toml", "--train", "6", "--seed", "2"))
    assert taught["top1"] == 1


@pytest.mark.parametrize(
    ("words", "told", "message"),
    [
        (["suggest", "--themes", "themes.toml"], "nonsense\n", "Line 1 is not JSON."),
        (["suggest", "--themes", "themes.toml"], '{"text": "a"}\n{"text": 3}\n', 'Line 2 holds no {"text": "…"}.'),
        (["suggest", "--themes", "rows.csv"], "", "rows.csv: The list of themes is not valid TOML"),
        (["suggest", "--themes", "gone.toml"], "", "gone.toml: No such file or directory."),
        (["suggest", "--themes", "themes.toml", "--sector", "nhs"], "", "Give --themes or --sector, not both."),
        (["suggest", "--themes", "themes.toml", "--labelled", "themes.toml"], "", "has to name the columns"),
        (["evaluate", "gone.csv", "--themes", "themes.toml"], "", "gone.csv: No such file or directory."),
        (["evaluate", ".", "--themes", "themes.toml"], "", ".: Is a directory."),
    ],
)
def test_bad_input_is_said_in_one_line(words: list[str], told: str, message: str) -> None:
    result = run(*words, told=told)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_without_themes_there_has_to_be_an_instance() -> None:
    result = run("evaluate", "rows.csv")
    assert result.exit_code == 1
    assert "There is no instance" in result.stderr
