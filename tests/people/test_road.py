"""What is better mended before the launch stands on the page of set-up and on that of the launch, with where it is done."""

import datetime as dt
from dataclasses import replace

import pytest

from concerns.areas.model import Organisation
from concerns.people.model import Person, Recovery
from concerns.people.road import Advice, advice
from concerns.store.house import MailServer
from tests.cast import Instance
from tests.founding.setting_up import piloting, settled
from tests.people.visiting import Desk

MAIL = MailServer("mail.example.org", 587, "concerns@example.org", "", "", "starttls")


def found(instance: Instance, *, mail: MailServer | None = MAIL) -> list[Advice]:
    house = replace(instance.house, mail=mail)
    with instance.stores.read_main() as main:
        return list(advice(main, house, main.get_one(Organisation, 1)))


def words(instance: Instance) -> list[str]:
    return [one.words for one in found(instance)]


def shared(instance: Instance, name: str, tried_on: dt.date | None) -> None:
    """A guardian made recovery shares; two were tried on this day."""
    person_id, _secret = instance.secrets[name]
    row = Recovery(
        person_id=person_id, kid=bytes(16), box=b"box", custodians=[], made_on=dt.date(2026, 1, 5), tried_on=tried_on
    )
    with instance.stores.write_main() as main:
        main.merge(row)


def all_tried(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        organisation = main.get_one(Organisation, 1)
        today = instance.clock().date().isoformat()
        organisation.signposts = [{**post, "checked_on": today} for post in organisation.signposts]


def test_guardians_without_shares_and_with_untried_ones_are_named(unfounded: Instance) -> None:
    settled(unfounded)
    all_tried(unfounded)
    today, page = unfounded.clock().date(), f"{unfounded.house.desk_origin}/desk/keys/shares"
    assert words(unfounded) == [
        f"Gita and Gwen made no recovery shares: a lost passphrase would cost the keys. Shares are made at {page}."
    ]
    shared(unfounded, "gita", None)
    gwen, gita = words(unfounded)
    assert gwen.startswith("Gwen made no recovery shares")
    assert gita == (
        f"Gita never tried the recovery shares: nobody knows that they would work. Two are tried at {page}/try."
    )
    shared(unfounded, "gita", today - dt.timedelta(days=184))
    shared(unfounded, "gwen", today)
    (gita,) = words(unfounded)
    assert gita.startswith("Gita did not try the recovery shares in the last six months.")
    shared(unfounded, "gita", today - dt.timedelta(days=183))
    assert words(unfounded) == []


def test_a_guardian_without_keys_has_nothing_to_share_yet(unfounded: Instance) -> None:
    settled(unfounded, guardians=())
    all_tried(unfounded)
    with unfounded.stores.write_main() as main:
        main.add(Person(name="Gus", email="gus@example.org", roles=["guardian"], stand_in=False))
    assert words(unfounded) == []


def test_numbers_that_nobody_tried_are_counted_and_those_for_danger_named(unfounded: Instance) -> None:
    settled(unfounded, guardians=())
    with unfounded.stores.write_main() as main:
        main.get_one(Organisation, 1).signposts = [
            {"name": "Ambulance", "number": "999", "hours": "Day and night", "danger": True},
            {"name": "Union", "number": "1", "hours": "Office hours", "danger": False},
        ]
    (one,) = found(unfounded)
    assert one.words == (
        "2 numbers to ring were not tried in the last six months. Begin with those for somebody in danger: Ambulance."
    )
    assert one.endpoint == "people.settings.signposts"
    all_tried(unfounded)
    assert found(unfounded) == []


def test_a_missing_mail_server_is_named(unfounded: Instance) -> None:
    settled(unfounded, guardians=())
    all_tried(unfounded)
    (one,) = found(unfounded, mail=None)
    assert one.words == "No mail server is set: nobody is written to about reading days."


@pytest.mark.parametrize("path", ["/set-up", "/set-up/launch"])
def test_both_pages_tell_it_with_links_that_lead_somewhere(unfounded: Instance, path: str) -> None:
    piloting(unfounded)
    with unfounded.stores.write_main() as main:
        main.get_one(Organisation, 1).staff_side = ""
    desk = Desk(unfounded)
    desk.sign_in("ada")
    page = desk.client.get(path)
    assert "Better mended before the launch:" in page.text and "Nothing." not in page.text
    for link, said in (
        ("Name somebody", "Nobody is named for staff side"),
        ("What a guardian does with them", "Gita and Gwen made no recovery shares"),
        ("Ring each, and say so", "numbers to ring were not tried in the last six months"),
        ("How the server’s settings name one", "No mail server is set"),
    ):
        assert said in page.text
        address = next(one.get("href") for one in page.tree.iter("a") if one.text == link)
        desk.client.get(str(address).removeprefix("/desk"))


def test_advice_stops_nothing_and_is_over_once_the_service_is_open(desk: Desk) -> None:
    desk.sign_in("ada")
    assert "Better mended" not in desk.client.get("/set-up").text
