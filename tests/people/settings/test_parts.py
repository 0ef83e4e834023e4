"""The plain settings pages: what is typed is kept, saved, logged and settled; what is wrong is told and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from concerns.areas.model import Organisation
from tests.people.settings.conftest import SAVE
from tests.people.visiting import Desk

INSTEAD = {
    "guardian": "The other guardian",
    "head": "The guardians, who tell the chair",
    "chair": "The guardians",
    "admin": "The guardians",
}
#: of each page: what is sent, and what the row holds then
GOOD: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "organisation",
        {"name": " Wendle  Vale ", "staff_side": "Chair of staff side"},
        {"name": "Wendle Vale", "flags_per_year": 800, "staff_side": "Chair of staff side"},
    ),
    ("reading", {"days": ["friday", "monday"]}, {"reading_days": ["monday", "friday"]}),
    ("instead", INSTEAD, {"read_instead": INSTEAD}),
    ("access", {"access": "codes"}, {"access": "codes"}),
    ("languages", {"further": []}, {"languages": ["en"]}),
]
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("organisation", {"name": " "}, "Enter the name of the organisation"),
    ("organisation", {"name": "x" * 201}, "at most 200 characters"),
    ("organisation", {"name": "One\u2028Two"}, "write one line"),
    ("organisation", {"staff_side": "x" * 201}, "at most 200 characters"),
    ("reading", {"days": []}, "Choose at least one day"),
    ("reading", {"days": ["someday"]}, "Choose at least one day"),
    ("instead", {**INSTEAD, "chair": ""}, "If it is about the chair: say who reads it"),
    ("instead", {**INSTEAD, "head": "x" * 301}, "characters too long"),
    ("access", {"access": "nobody"}, "Not a valid choice"),
    ("languages", {"further": ["xx"]}, "Choose languages from the list"),
]


@pytest.mark.parametrize(("part", "sent", "kept"), GOOD, ids=[part for part, _sent, _kept in GOOD])
def test_it_is_saved_settled_and_logged(
    ada: Desk,
    stored: Callable[[], Organisation],
    log: Callable[[], list[str]],
    part: str,
    sent: dict[str, Any],
    kept: dict[str, Any],
) -> None:
    assert part not in stored().settled
    answer = ada.client.submit(ada.client.get(f"/set-up/{part}"), sent, button=SAVE)
    assert answer.location == "/desk/set-up"
    assert {name: getattr(stored(), name) for name in kept} == kept
    assert part in stored().settled
    assert log() == [part]
    # and the page shows it the next time
    again = ada.client.submit(ada.client.get(f"/set-up/{part}"), {}, button=SAVE)
    assert again.location == "/desk/set-up"
    assert {name: getattr(stored(), name) for name in kept} == kept


@pytest.mark.parametrize(("part", "sent", "said"), BAD)
def test_what_is_wrong_is_told_and_nothing_is_lost_or_changed(
    ada: Desk,
    stored: Callable[[], Organisation],
    log: Callable[[], list[str]],
    part: str,
    sent: dict[str, Any],
    said: str,
) -> None:
    before = vars(stored())
    page = ada.client.submit(ada.client.get(f"/set-up/{part}"), sent, button=SAVE, status=422)
    assert said in " ".join(page.errors) or said in page.text
    for value in sent.values():
        assert not isinstance(value, str) or len(value) < 5 or value.split("\u2028")[0] in page.html
    assert (log(), stored().settled) == ([], before["settled"])
    for name in ("name", "flags_per_year", "reading_days", "read_instead", "access", "languages"):
        assert getattr(stored(), name) == before[name]


def test_a_guess_is_made_by_the_admin_and_by_nobody_else(
    ada: Desk, setting_up: object, stored: Callable[[], Organisation]
) -> None:
    page = ada.client.get("/set-up/organisation")
    field = next(one for one in page.tree.iter("input") if one.get("name") == "flags_per_year")
    assert field.get("value", "") == ""
    for wrong in ("", "many", "0", "99999999", "-4", "1.5"):
        page = ada.client.submit(page, {"flags_per_year": wrong}, button=SAVE, status=422)
        assert "Flags that you expect in a year: write a whole number" in page.text
        assert f'value="{wrong}"' in page.html
    ada.client.submit(page, {"flags_per_year": "1,200"}, button=SAVE)
    assert stored().flags_per_year == 1200
    assert 'value="1200"' in ada.client.get("/set-up/organisation").html


def test_once_there_may_be_a_flag_the_guess_stands(ada: Desk, stored: Callable[[], Organisation]) -> None:
    page = ada.client.get("/set-up/organisation")
    assert "You expected 800 flags in a year." in page.text
    token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    ada.client.post("/set-up/organisation", {"csrf_token": token, "name": "Wendle", "flags_per_year": "9"}, 302)
    assert (stored().name, stored().flags_per_year) == ("Wendle", 800)


@pytest.mark.parametrize("who", ["gita", "lena", "priya"])
def test_nobody_else_comes_in(desk: Desk, who: str) -> None:
    desk.sign_in(who)
    for part in ("organisation", "areas", "form", "rules", "signposts/one"):
        desk.client.get(f"/set-up/{part}", 403)


def test_the_slips_are_explained_beside_the_choice(ada: Desk) -> None:
    assert "concerns codes 200" in ada.client.get("/set-up/access").text
