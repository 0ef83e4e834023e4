"""The admin's page: what is set up, who is ready, what is missing, and nothing of any flag."""

from concerns.areas.queries import organisation
from concerns.areas.rules import ABOUT
from concerns.people import service
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.telling import TEXT, tell


def test_it_shows_organisation_areas_themes_and_people(desk: Desk) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up")
    for said in (
        "Say who reads a concern about a guardian, the head or chief executive, the chair or the admin.",
        "Wendle Vale Trust",
        "Mondays and Thursdays",
        "Emergency department",
        "Day surgery has 12 staff, fewer than 20.",
        "gita@example.org",
        "Whom to ring",
    ):
        assert said in page.text
    assert "New one-time link" not in page.text


def test_it_says_so_when_nothing_is_left_to_do(desk: Desk, instance: Instance) -> None:
    done = "Everything is set up, and the service is open."
    desk.sign_in("ada")
    assert done not in desk.client.get("/set-up").text
    with instance.stores.write_main() as main:
        organisation(main).read_instead = dict.fromkeys(ABOUT, "The guardians")
    assert done in desk.client.get("/set-up").text


def test_it_shows_nothing_of_any_flag(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    before = desk.client.get("/set-up").text
    tell(instance)
    after = desk.client.get("/set-up").text
    assert before == after
    assert TEXT[:20] not in after


def test_somebody_who_has_not_set_up_gets_a_new_link(desk: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        service.add_person(main, "Otis", "otis@example.org", ["leader"])
    desk.sign_in("ada")
    page = desk.client.get("/set-up")
    assert "Otis has not set up yet." in page.text
    assert "No link that works" in page.text
    shown = desk.client.submit(page, button="New one-time link for Otis", status=200)
    address = shown.with_class("desk-link")[0].text or ""
    assert address.startswith(f"{instance.house.desk_origin}/desk/welcome/")
    desk.browser().get(address.split("/desk", 1)[1])
    assert "Invited, link works until 6 December" in desk.client.get("/set-up").text


def test_a_link_for_somebody_ready_or_unknown_is_not_made(desk: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        service.add_person(main, "Otis", "otis@example.org", ["leader"])
    desk.sign_in("ada")
    page = desk.client.get("/set-up")
    token = next(field.get("value") for field in page.tree.iter("input") if field.get("name") == "csrf_token")
    gita = instance.guardian("gita").person_id.hex()
    assert desk.client.post(f"/set-up/link/{gita}", {"csrf_token": token}, 302).location == "/desk/set-up"
    for nobody in ("0" * 32, "nonsense"):
        desk.client.post(f"/set-up/link/{nobody}", {"csrf_token": token}, 404)
