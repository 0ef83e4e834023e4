"""The answers of set-up: every fault is told in one plain line, and nothing is founded."""

import copy
from pathlib import Path
from typing import Any

import pytest

from concerns.areas.rules import ABOUT
from concerns.founding.answers import AnswersRefused, answers_of, read_answers
from concerns.founding.service import first_policy
from concerns.people.parts import INSTEAD
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
    assert answers.organisation.read_instead == {} and answers.organisation.staff_side == ""


def test_who_reads_instead_and_who_is_named_for_staff_side_may_be_said() -> None:
    said = dict.fromkeys(ABOUT, " The guardians ")
    document = {**changed(organisation={"staff_side": "Sam Reed, Unison"}), "read_instead": said}
    found = answers_of(document, Path()).organisation
    assert found.read_instead == dict.fromkeys(ABOUT, "The guardians") and found.staff_side == "Sam Reed, Unison"


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("blank", ["", " ", None])
def test_each_of_the_four_answers_on_who_reads_has_to_be_given(about: str, blank: str | None) -> None:
    said = {**dict.fromkeys(ABOUT, "The guardians"), about: blank}
    with pytest.raises(AnswersRefused) as refused:
        answers_of({**ANSWERS, "read_instead": {key: text for key, text in said.items() if text is not None}}, Path())
    assert str(refused.value) == f"[read_instead] {about}: say who reads a concern about {INSTEAD[about]}."


ODD: dict[str, Any] = {**INSTEAD, "head": 3}
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
        ({**ANSWERS, "read_instead": {"boss": "x"}}, "[read_instead] boss is not something that set-up asks"),
        ({**ANSWERS, "read_instead": ODD}, "[read_instead] head must be text"),
        ({**ANSWERS, "read_instead": ["x"]}, "[read_instead] must be a table"),
        (changed(areas=[]), "[[areas]] is missing"),
        (changed(areas=[{"name": "A", "division": "B", "staff": "ten"}]), "[[areas]] 1"),
        (changed(areas=[{"name": "A", "division": "B", "staff": 2}] * 2), "repeats the name"),
        (changed(people=TWO[:1]), "At least two people must be guardians"),
        (changed(people=[{**one, "stand_in": True} for one in TWO]), "At least one guardian must be no stand-in"),
        (
            changed(people=[*TWO, {**PERSON, "email": "a@b.org", "roles": ["peer"], "stand_in": True}]),
            "Only a guardian",
        ),
        (changed(people=[TWO[0], {**TWO[1], "stand_in": "yes"}]), "[[people]] 2: stand_in must be true or false"),
        (changed(people=[*TWO, TWO[0]]), "gita@example.org stands there twice"),
        (changed(people=[*TWO, {**PERSON, "email": "x", "roles": ["leader"]}]), "[[people]] 3: Enter an e-mail"),
        (changed(people=[*TWO, {**PERSON, "email": "a@b.org", "roles": ["boss"]}]), "no role “boss”"),
        (changed(people=[*TWO, {**PERSON, "email": "a@b.org", "roles": ["guardian", "admin"]}]), "cannot also be"),
        (changed(people=[{**PERSON, "passphrase": "short"}, TWO[1]]), "14 characters"),
        (changed(people=[{**PERSON, "passphrase": ""}, TWO[1]]), "[[people]] 1: Choose a passphrase."),
        (changed(surprise=[{}]), "[surprise] is not something"),
        ({"organisation": 3}, "[organisation] must be a table."),
        (changed(areas="Ward"), "[[areas]] must be one table or more."),
        (changed(people=["Gita"]), "[[people]] must be one table or more."),
        (changed(organisation={"name": "T" * 201}), "longer than 200"),
        (changed(areas=[{"name": "W" * 121, "division": "B", "staff": 2}]), "longer than 120"),
        (changed(people=[{**PERSON, "name": "G" * 121}, TWO[1]]), "[[people]] 1: The name must be 120 characters"),
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


LINE = " must not hold a line break or another control character."
TEXTS = ' must be a list of text, like ["one", "two"].'


def area(**changes: Any) -> dict[str, Any]:
    return changed(areas=[{"name": "A", "division": "B", "staff": 2, **changes}])


def person(**changes: Any) -> dict[str, Any]:
    return changed(people=[*TWO, {**PERSON, "email": "a@b.org", "roles": ["peer"], **changes}])


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (changed(organisation={"name": 3}), "[organisation] name must be text."),
        (changed(organisation={"name": "Two\nlines"}), "[organisation] name" + LINE),
        (changed(organisation={"name": "N\0L"}), "[organisation] name" + LINE),
        (changed(organisation={"colour": 3}), "[organisation] colour must be text."),
        (changed(organisation={"colour": "#12345\n"}), "[organisation] colour" + LINE),
        (changed(organisation={"themes": 3}), "[organisation] themes must be text."),
        (changed(organisation={"themes": "a\0b"}), "[organisation] themes" + LINE),
        (changed(organisation={"themes": ""}), "[organisation] themes: give the name of a file."),
        (changed(organisation={"reading_days": "monday"}), "[organisation] reading_days" + TEXTS),
        (changed(organisation={"reading_days": [1]}), "[organisation] reading_days" + TEXTS),
        (changed(organisation={"reading_days": ["moonday"]}), "[organisation] “moonday” is not a day of the week."),
        (changed(organisation={"colur": "x"}), "[organisation] colur is not something that set-up asks."),
        *(
            (
                changed(organisation={"flags_per_year": number}),
                "[organisation] flags_per_year must be a whole number from 1 to 10,000,000.",
            )
            for number in (900.0, 10_000_001, 2**70, "900", None)
        ),
        (area(name=3), "[[areas]] 1: name must be text."),
        (area(name="A\tB"), "[[areas]] 1: name" + LINE),
        (area(division=["B"]), "[[areas]] 1: division must be text."),
        (area(beds=3), "[[areas]] 1: beds is not something that set-up asks."),
        *(
            (area(staff=number), "[[areas]] 1: staff must be a whole number from 0 to 1,000,000.")
            for number in (1.5, 1_000_001, 2**70, -1, True)
        ),
        (person(name=3), "[[people]] 3: name must be text."),
        (person(name="Pat\x1b[31m"), "[[people]] 3: name" + LINE),
        (person(email=["a@b.org"]), "[[people]] 3: email must be text."),
        (person(passphrase=12345678901234), "[[people]] 3: passphrase must be text."),
        (person(passphrase="a long enough\npassphrase"), "[[people]] 3: passphrase" + LINE),
        (person(roles="peer"), "[[people]] 3: roles" + TEXTS),
        (person(roles={"peer": 1}), "[[people]] 3: roles" + TEXTS),
        (person(roles=["peer", ["peer"]]), "[[people]] 3: roles" + TEXTS),
        (person(roles=["peer", "peer"]), "[[people]] 3: roles: “peer” stands there twice."),
        (person(totp_secret=5), "[[people]] 3: totp_secret must be text."),
        ({**ANSWERS, "read_instead": ODD}, "[read_instead] head must be text."),
        (person(phone="1"), "[[people]] 3: phone is not something that set-up asks."),
    ],
)
def test_whatever_cannot_be_taken_is_one_line_and_nothing_else(document: dict[str, Any], line: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        answers_of(document, Path())
    assert str(refused.value) == line


@pytest.mark.parametrize("secret", ["A", "ÅÄÖ", "", "A" * 31 + "1", 5])
def test_no_second_factor_is_taken_that_cannot_be_one(secret: Any) -> None:
    with pytest.raises(AnswersRefused, match="totp_secret") as refused:
        answers_of(person(totp_secret=secret), Path())
    assert len(str(refused.value).splitlines()) == 1


def test_a_mark_of_byte_order_is_passed_over(tmp_path: Path) -> None:
    themes = '[[themes]]\ncode = "A"\nname = "Food"\ndefinition = "What is eaten."\n'
    (tmp_path / "own.toml").write_text(themes, encoding="utf-8-sig")
    answers = answers_of(changed(organisation={"themes": "own.toml"}), tmp_path)
    assert [theme.name for theme in answers.themes] == ["Food"]
    (tmp_path / "answers.toml").write_text('[organisation]\nsector = "army"\n', encoding="utf-8-sig")
    with pytest.raises(AnswersRefused, match="army"):
        read_answers(tmp_path / "answers.toml")


@pytest.mark.parametrize("text", [b"a = 1" + b"0" * 5000, b"a = " + b"[" * 5000, b"a = \xff"])
def test_a_file_that_no_reader_takes_is_one_line(tmp_path: Path, text: bytes) -> None:
    for name in ("answers.toml", "own.toml"):
        (tmp_path / name).write_bytes(text)
    with pytest.raises(AnswersRefused) as refused:
        read_answers(tmp_path / "answers.toml")
    assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(AnswersRefused) as refused:
        answers_of(changed(organisation={"themes": "own.toml"}), tmp_path)
    assert str(refused.value).startswith("[organisation] themes: ") and len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(("staff", "kinds"), [(400, {"quarter", "year", "handling"}), (39, set())])
def test_how_flags_were_handled_is_told_where_set_up_says_so(staff: int, kinds: set[str]) -> None:
    asked = changed(organisation={"handling": True}, areas=[{"name": "A", "division": "B", "staff": staff}])
    assert set(first_policy(answers_of(asked, Path())).kinds) == kinds
    assert "handling" not in first_policy(answers_of(ANSWERS, Path())).kinds
