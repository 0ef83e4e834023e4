"""The answers of set-up: every fault is told in one plain line, and nothing is founded."""

import copy
from pathlib import Path
from typing import Any

import pytest

from concerns.founding.answers import AnswersRefused, answers_of, read_answers
from tests.cast import ANSWERS


def changed(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(ANSWERS)
    for key, value in changes.items():
        if isinstance(value, dict):
            document[key] |= value
        else:
            document[key] = value
    return document


def test_good_answers_are_read() -> None:
    answers = answers_of(ANSWERS, Path())
    assert answers.organisation.name == "Wendle Vale Trust"
    assert len(answers.areas) == 7 and len(answers.guardians) == 2
    assert len(answers.themes) == 14 and answers.themes == answers.pack.themes


PERSON = {"name": "Gita", "email": "gita@example.org", "roles": ["guardian"], "passphrase": "a long enough passphrase"}
TWO = [PERSON, {**PERSON, "name": "Gwen", "email": "gwen@example.org"}]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "[organisation] is missing"),
        (changed(organisation={"sector": "army"}), "“army” is not one of council"),
        (changed(organisation={"colour": "blue"}), "#1a2b3c"),
        (changed(organisation={"flags_per_year": 0}), "flags_per_year"),
        (changed(organisation={"flags_per_year": True}), "flags_per_year"),
        (changed(organisation={"name": " "}), "no name"),
        (changed(organisation={"themes": "missing.toml"}), "missing.toml cannot be read"),
        (changed(areas=[]), "[[areas]] is missing"),
        (changed(areas=[{"name": "A", "division": "B", "staff": "ten"}]), "[[areas]] 1"),
        (changed(areas=[{"name": "A", "division": "B", "staff": 2}] * 2), "repeats the name"),
        (changed(people=TWO[:1]), "At least two people must be guardians"),
        (changed(people=[*TWO, TWO[0]]), "gita@example.org stands there twice"),
        (changed(people=[*TWO, {**PERSON, "email": "x", "roles": ["leader"]}]), "[[people]] 3: Enter an e-mail"),
        (changed(people=[*TWO, {**PERSON, "email": "a@b.org", "roles": ["boss"]}]), "no role “boss”"),
        (changed(people=[*TWO, {**PERSON, "email": "a@b.org", "roles": ["guardian", "admin"]}]), "cannot also be"),
        (changed(people=[{**PERSON, "passphrase": "short"}, TWO[1]]), "14 characters"),
        (changed(surprise=[{}]), "[surprise] is not something"),
    ],
)
def test_each_fault_gets_a_line(document: dict[str, Any], says: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        answers_of(document, Path())
    assert says in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    document = changed(organisation={"colour": "blue", "flags_per_year": -1}, people=TWO[:1])
    with pytest.raises(AnswersRefused) as refused:
        answers_of(document, Path())
    assert len(str(refused.value).splitlines()) == 3


def test_a_file_that_is_not_toml_or_not_there_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text("not = = toml")
    for name, says in (("answers.toml", "is not TOML"), ("none.toml", "cannot be read")):
        with pytest.raises(AnswersRefused, match=says) as refused:
            read_answers(tmp_path / name)
        assert len(str(refused.value).splitlines()) == 1


def test_themes_of_ones_own_replace_the_pack(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[themes]]\ncode = "A"\nname = "Food"\ndefinition = "What is eaten."\nkeywords = ["soup"]\n'
    )
    answers = answers_of(changed(organisation={"themes": "own.toml"}), tmp_path)
    assert [theme.name for theme in answers.themes] == ["Food"]


def test_secrets_do_not_show_in_a_traceback() -> None:
    assert "bees" not in repr(answers_of(ANSWERS, Path()))


def test_a_second_factor_that_no_app_takes_is_a_fault() -> None:
    with pytest.raises(AnswersRefused, match="totp_secret"):
        answers_of(changed(people=[{**PERSON, "totp_secret": "ABC"}, TWO[1]]), Path())
