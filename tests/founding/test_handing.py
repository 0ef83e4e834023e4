"""An instance that was founded at the terminal is being set up: its admin goes on in the browser, and guardians wait."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from concerns.areas.model import Organisation
from concerns.areas.rules import ABOUT
from concerns.charter.model import CharterPage
from concerns.founding import handing, service
from concerns.founding.answers import answers_of
from concerns.founding.launching import ready
from concerns.people import noting
from concerns.people.service import accept
from tests.cast import ANSWERS, TOTP, Instance
from tests.founding.setting_up import signed_by_all, stage
from tests.people.visiting import Desk

#: what `ask` gives
ASKED: dict[str, Any] = {
    "organisation": {**ANSWERS["organisation"], "reading_days": []},  # type: ignore[dict-item]
    "areas": ANSWERS["areas"],
    "people": [
        {"name": name, "email": f"{name.lower()}@example.org", "roles": [role]}
        for name, role in (("Gita", "guardian"), ("Gwen", "guardian"), ("Ada", "admin"))
    ],
    "read_instead": dict.fromkeys(ABOUT, "The guardians"),
}


@pytest.fixture
def made(unfounded: Instance) -> list[service.Newcomer]:
    return service.found(unfounded.house, answers_of(ASKED, Path()), rehearsal=False)


def come_in(instance: Instance, made: list[service.Newcomer], name: str) -> None:
    """She opens her link."""
    link = next(one.link for one in made if one.name == name)
    passphrase, code = instance.passphrase(name), instance.code()
    person_id, secret = accept(instance.house, str(link).rpartition("/")[2], passphrase, TOTP, code)
    noting.signed_in(instance.house, person_id, secret, "set-up")
    if secret is not None:
        instance.secrets[name.lower()] = (person_id, secret)


def settled(instance: Instance) -> set[str]:
    with instance.stores.read_main() as main:
        return set(main.get_one(Organisation, 1).settled)


def test_what_was_asked_is_settled_and_the_rest_is_not(unfounded: Instance, made: list[service.Newcomer]) -> None:
    assert stage(unfounded) == "setting-up"
    assert settled(unfounded) == {"organisation", "areas", "people", "instead", "look"}
    with unfounded.stores.read_main() as main:
        assert main.scalar(select(func.count()).select_from(CharterPage)) == 0
        assert main.get_one(Organisation, 1).reading_days == []


def test_the_usual_colour_settles_nothing(unfounded: Instance) -> None:
    plain = {**ASKED, "organisation": {**ASKED["organisation"], "colour": "#1D70B8"}}
    service.found(unfounded.house, answers_of(plain, Path()), rehearsal=False)
    assert settled(unfounded) == {"organisation", "areas", "people", "instead"}


def test_the_admin_goes_on_in_the_browser_from_the_link_to_a_pilot(
    unfounded: Instance, made: list[service.Newcomer]
) -> None:
    for name in ("Gita", "Gwen", "Ada"):
        come_in(unfounded, made, name)
    desk = Desk(unfounded)
    desk.sign_in("ada")
    page = desk.client.get("/set-up")
    assert "Settle “Reading days”. Settle “Numbers to ring”." in page.text and "Not yet started" in page.text
    assert "Begin a pilot" not in page.text and "Settle “Who reads instead”" not in page.text
    assert "Gita and Gwen made no recovery shares" in page.text
    desk.client.submit(desk.client.get("/set-up/reading"), {"days": ["monday"]}, button="Save and go back to set-up")
    page = desk.client.get("/set-up/signposts")
    desk.client.submit(page, button="Save and go back to set-up")
    desk.client.submit(desk.client.get("/set-up"), button="Begin a pilot")
    assert stage(unfounded) == "pilot"
    signed_by_all(unfounded)
    assert unfounded.charter.policy_on(unfounded.clock().date()).kinds


def test_nothing_can_be_signed_before_set_up_has_ended(unfounded: Instance, made: list[service.Newcomer]) -> None:
    for name in ("Gita", "Gwen", "Ada"):
        come_in(unfounded, made, name)
    with pytest.raises(ready.NotNow, match="Settle “Reading days”"):
        ready.begin(unfounded.house, "real", bytes(16))
    desk = Desk(unfounded)
    desk.sign_in("gita")
    assert "The admin has not finished setting up" in desk.client.get("/keys").text


def test_it_says_who_opens_which_link_and_in_which_order(unfounded: Instance, made: list[service.Newcomer]) -> None:
    said = handing.founded(unfounded.house, answers_of(ASKED, Path()), made, Path("here"))
    in_order = [
        "Wendle Vale Trust is founded in here.",
        "Ada, admin: ada@example.org",
        "Gita, guardian: gita@example.org",
        "Set-up is not finished",
        "1. Start the service: `concerns run --directory here`",
        "2. Ada opens the link of that name",
        f"3. The same person then goes on at “Set-up”, {unfounded.house.desk_origin}/desk/set-up: “Reading days” and “Num",
        "4. These open their own links meanwhile: Gita, Gwen.",
    ]
    places = [said.find(one) for one in in_order]
    assert -1 not in places and places == sorted(places), said
    assert all(str(one.link) in said for one in made)


def test_a_rehearsal_is_open_as_before(instance: Instance) -> None:
    assert stage(instance) == "real"
    assert instance.charter.policy_on(instance.clock().date()).kinds
