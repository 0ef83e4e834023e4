"""Set-up at the prompt: whatever cannot be an answer is said at once and asked again, and the rest is kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from concerns.areas.rules import ABOUT
from concerns.founding.answers import answers_of
from concerns.founding.asking import ask
from concerns.themes.packs import load_pack

AREAS = [area for areas in load_pack("school").divisions.values() for area in areas]
FIRST = ["Prompt Trust", "school", "", "30"]
COUNTS = ["20" for _ in AREAS]
ADA = ["Ada", "ada@example.org", "admin"]
GITA = ["Gita", "gita@example.org", "guardian", ""]
GWEN = ["Gwen", "gwen@example.org", "guardian", "y"]
READERS = ["The other one", "Both guardians", "Both, who ring the regulator", "Both"]


def typed(
    first: Sequence[str] = FIRST,
    areas: Sequence[str] = (*COUNTS, ""),
    people: Sequence[str] = (*ADA, *GITA, *GWEN, ""),
    readers: Sequence[str] = READERS,
) -> list[str]:
    return [*first, *areas, *people, *readers]


def asked(lines: Sequence[str]) -> tuple[dict[str, Any], Result]:
    """The document, and what stood on the terminal."""
    document: dict[str, Any] = {}

    @click.command()
    def command() -> None:
        document.update(ask())

    return document, CliRunner().invoke(command, input="".join(f"{line}\n" for line in lines))


def test_what_is_typed_is_what_a_file_would_hold() -> None:
    document, result = asked(typed())
    assert result.exit_code == 0 and "Error" not in result.output
    assert document["organisation"] == {
        "name": "Prompt Trust",
        "sector": "school",
        "colour": "#1d70b8",
        "flags_per_year": 30,
        "reading_days": [],
    }
    assert [area["name"] for area in document["areas"]] == AREAS
    assert [person["roles"] for person in document["people"]] == [["admin"], ["guardian"], ["guardian"]]
    assert [person.get("stand_in") for person in document["people"]] == [None, False, True]
    assert document["read_instead"] == dict(zip(ABOUT, READERS, strict=True))
    assert answers_of(document, Path()).organisation.read_instead == document["read_instead"]


WARD = ["Ward", "North", "5"]
WRONG = [
    ({"first": ["", *FIRST]}, "Enter the name of the organisation."),
    ({"first": [" ", *FIRST]}, "Enter the name of the organisation."),
    ({"first": ["T" * 201, *FIRST]}, "Write at most 200 characters."),
    ({"first": ["Prompt\x1b[31m", *FIRST]}, "Write one line of text in UTF-8, without a control character."),
    ({"first": ["Prompt Trust", "navy", *FIRST[1:]]}, "Choose one of council, children, school, nhs."),
    ({"first": [*FIRST[:2], "blue", *FIRST[2:]]}, "Write the colour as # and six digits"),
    ({"first": [*FIRST[:3], "0", "30"]}, "Write a whole number from 1 to 10,000,000."),
    ({"first": [*FIRST[:3], "many", "30"]}, "Write a whole number from 1 to 10,000,000."),
    ({"first": [*FIRST[:3], "99999999", "30"]}, "Write a whole number from 1 to 10,000,000."),
    ({"areas": ["-1", *COUNTS, ""]}, "Write a whole number from 0 to 1,000,000."),
    ({"areas": [*["0" for _ in AREAS], "", *WARD, ""]}, "The organisation needs at least one area: enter its name."),
    ({"areas": [*COUNTS, AREAS[0].upper(), *WARD, ""]}, f"repeats the name “{AREAS[0].upper()}”."),
    ({"areas": [*COUNTS, "W" * 121, *WARD, ""]}, "longer than 120 characters."),
    ({"areas": [*COUNTS, "Ward", "", "North", "5", ""]}, "Enter the division that it sits in."),
    ({"areas": [*COUNTS, "Ward", "North", "0", "5", ""]}, "Write a whole number from 1 to 1,000,000."),
    ({"people": ["", *ADA, *GITA, *GWEN, ""]}, "At least two people must be guardians"),
    ({"people": [*ADA, *GITA, "", *GWEN, ""]}, "At least two people must be guardians"),
    ({"people": [*GITA, *GWEN, "", *ADA, ""]}, "Somebody must be the admin, who goes on with set-up in the browser"),
    (
        {"people": [*ADA, *GWEN, "Gus", "gus@example.org", "guardian", "y", "", *GITA, ""]},
        "At least one guardian must be no stand-in",
    ),
    ({"people": ["N" * 121, *ADA, *GITA, *GWEN, ""]}, "Write at most 120 characters."),
    ({"people": ["Ada", "", *ADA[1:], *GITA, *GWEN, ""]}, "Enter an e-mail address."),
    ({"people": ["Ada", "ada", *ADA[1:], *GITA, *GWEN, ""]}, "in the right form, like name@example.org."),
    (
        {"people": [*ADA, "Gita", "ADA@example.org", *GITA[1:], *GWEN, ""]},
        "Ada has the address ada@example.org: enter another one.",
    ),
    ({"people": [*ADA[:2], "", "admin", *GITA, *GWEN, ""]}, "Give at least one role."),
    ({"people": [*ADA[:2], "boss", "admin", *GITA, *GWEN, ""]}, "There is no role “boss”"),
    ({"people": [*ADA[:2], "guardian, admin", "admin", *GITA, *GWEN, ""]}, "A guardian cannot also be an admin"),
    ({"people": [*ADA, *GITA[:3], "perhaps", "n", *GWEN, ""]}, "Answer y for yes or n for no."),
    ({"readers": ["", *READERS]}, "Say who reads a concern about a guardian."),
    ({"readers": [*READERS[:3], "  ", "Both"]}, "Say who reads a concern about the admin."),
    ({"readers": ["x" * 301, *READERS]}, "Write at most 300 characters."),
]


@pytest.mark.parametrize(("changes", "says"), WRONG, ids=[says for _changes, says in WRONG])
def test_a_mistake_is_said_at_once_and_nothing_typed_is_lost(changes: dict[str, list[str]], says: str) -> None:
    document, result = asked(typed(**changes))
    assert result.exit_code == 0, result.output
    errors = [line for line in result.output.splitlines() if "Error: " in line]
    assert len(errors) == 1 and says in errors[0]
    assert document["organisation"] == asked(typed())[0]["organisation"]
    assert answers_of(document, Path()).guardians
    assert document["read_instead"] == dict(zip(ABOUT, READERS, strict=True))


def test_figures_and_roles_may_be_written_as_people_write_them() -> None:
    document, result = asked(
        typed(
            first=["  Prompt   Trust ", "SCHOOL", "#ABCDEF", "1,200"],
            people=[*ADA[:2], "Admin, leader,", *GITA, *GWEN, ""],
        )
    )
    assert "Error" not in result.output
    assert document["organisation"]["name"] == "Prompt Trust" and document["organisation"]["flags_per_year"] == 1200
    assert document["people"][0]["roles"] == ["admin", "leader"]
    assert answers_of(document, Path()).organisation.sector == "school"


def test_what_is_no_text_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a terminal that writes another code than it says."""
    prompt, broken = click.prompt, iter([True])

    def once_broken(*words: Any, **options: Any) -> Any:
        if next(broken, False):
            b"\xff".decode()
        return prompt(*words, **options)

    monkeypatch.setattr(click, "prompt", once_broken)
    document, result = asked(typed())
    assert "This is not text in UTF-8. Type it again." in result.output
    assert document["organisation"]["name"] == "Prompt Trust"
