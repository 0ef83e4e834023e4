"""The numbers to ring: one of them always answers, whatever the admin presses, and who tried which is kept."""

from collections.abc import Callable

import pytest

from concerns.areas.model import Organisation
from concerns.areas.ringing import always
from tests.cast import Instance
from tests.people.settings.conftest import SAVE
from tests.people.visiting import Desk
from tests.police import Page

PATH = "/set-up/signposts"
NEW = {"name": "Night porter", "number": "01234 567890", "hours": "Day and night"}


def names(stored: Callable[[], Organisation]) -> list[str]:
    return [post["name"] for post in stored().signposts]


def press(ada: Desk, name: str, button: str, status: int = 302) -> Page:
    page = ada.client.get(PATH)
    return ada.client.submit(page, button=button + name, status=status)


def test_one_is_added_moved_tried_and_taken_out(
    ada: Desk, instance: Instance, stored: Callable[[], Organisation], log: Callable[[], list[str]]
) -> None:
    before = names(stored)
    ada.client.submit(ada.client.get(f"{PATH}/one"), {**NEW, "danger": "y"}, button="Save this number")
    assert names(stored) == [*before, "Night porter"]
    press(ada, "Night porter", "Move up ")
    assert names(stored)[-2] == "Night porter"
    assert "nobody has said that it was tried" in ada.client.get(PATH).text
    press(ada, ": Night porter", "I tried it today")
    assert next(post for post in stored().signposts if post["name"] == "Night porter")["checked_on"] == "2026-11-22"
    instance.clock.pass_(days=184)
    ada.sign_in("ada")
    assert "more than six months ago" in ada.client.get(PATH).text
    assert "Ring each of them once, and say that it was a test." in ada.client.get(PATH).text
    press(ada, "Night porter", "Take out ")
    assert names(stored) == before
    assert set(log()) == {"signposts"}


def test_a_changed_number_has_to_be_tried_anew(ada: Desk, stored: Callable[[], Organisation]) -> None:
    name = names(stored)[1]
    press(ada, f": {name}", "I tried it today")

    def change(**fields: str) -> dict[str, object]:
        link = ada.client.get(PATH).links()[f"Change {name}"].removeprefix("/desk")
        ada.client.submit(ada.client.get(link), fields, button="Save this number")
        return dict(stored().signposts[1])

    assert change(hours="Weekdays")["checked_on"] == "2026-11-22"
    assert "checked_on" not in change(number="01234 1")


def test_the_last_that_always_answers_cannot_be_lost(ada: Desk, stored: Callable[[], Organisation]) -> None:
    while len([post for post in stored().signposts if always(post)]) > 1:
        press(ada, next(post["name"] for post in stored().signposts if always(post)), "Take out ")
    last = next(post["name"] for post in stored().signposts if always(post))
    before = stored().signposts
    refused = press(ada, last, "Take out ", status=422)
    assert "must be answered day and night" in refused.text
    link = ada.client.get(PATH).links()[f"Change {last}"].removeprefix("/desk")
    refused = ada.client.submit(ada.client.get(link), {"hours": "Weekdays"}, button="Save this number", status=422)
    assert "must be answered day and night" in refused.text
    assert "Weekdays" in refused.html
    assert stored().signposts == before


@pytest.mark.parametrize(
    ("field", "said"), [("name", "Say who answers"), ("number", "Enter the number"), ("hours", "Say when")]
)
def test_each_of_the_three_is_needed(ada: Desk, field: str, said: str) -> None:
    page = ada.client.submit(ada.client.get(f"{PATH}/one"), {**NEW, field: " "}, button="Save this number", status=422)
    assert said in page.text
    assert "Night porter" in page.html or field == "name"


def test_one_that_stands_there_already_is_refused(ada: Desk) -> None:
    for status in (302, 422):
        page = ada.client.submit(ada.client.get(f"{PATH}/one"), NEW, button="Save this number", status=status)
    assert "stands in the list already" in page.text


def test_one_that_somebody_took_out_meanwhile_is_no_error(ada: Desk, stored: Callable[[], Organisation]) -> None:
    page = ada.client.get(PATH)
    name = names(stored)[-1]
    press(ada, name, "Take out ")
    ada.client.submit(page, button=f"Move up {name}")
    assert name not in names(stored)
    ada.client.get(f"{PATH}/one?key=0000000000000000", 404)


def test_they_are_settled_by_the_last_button(ada: Desk, stored: Callable[[], Organisation]) -> None:
    assert ada.client.submit(ada.client.get(PATH), button=SAVE).location == "/desk/set-up"
    assert "signposts" in stored().settled
