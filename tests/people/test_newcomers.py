"""An admin makes accounts, one or several at once, hands out links, and removes what was never set up."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from concerns.areas.model import Organisation
from concerns.audit.model import AuditRow
from concerns.people import adding, service
from concerns.people.model import Invitation, PeerTerm, Person
from concerns.people.second_factor import code_at
from tests.cast import TOTP, Instance
from tests.people.visiting import Desk


def people(instance: Instance) -> dict[str, Person]:
    with instance.stores.read_main() as main:
        return {person.name: person for person in main.scalars(select(Person))}


def verbs(instance: Instance) -> list[str]:
    with instance.stores.read_main() as main:
        return [verb for verb in main.scalars(select(AuditRow.verb).order_by(AuditRow.n)) if verb != "in"]


def test_one_person_with_several_roles(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/people/add")
    data = {"name": "Owen", "email": "Owen@example.org", "roles": ["leader", "overseer"]}
    assert desk.client.submit(page, data, button="Make the account").location == "/desk/set-up"
    assert "The account is made." in desk.client.get("/set-up").html
    owen = people(instance)["Owen"]
    assert (owen.email, owen.roles, owen.salt) == ("owen@example.org", ["leader", "overseer"], None)
    assert verbs(instance) == ["account"]
    with instance.stores.read_main() as main:
        assert "people" in main.get_one(Organisation, 1).settled


def test_roles_that_do_not_go_together_keep_what_was_typed(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/people/add")
    data = {"name": "Gus", "email": "gus@example.org", "roles": ["guardian", "admin"]}
    shown = desk.client.submit(page, data, button="Make the account", status=422)
    assert shown.errors == ["A guardian cannot also be an admin: give the roles to two people"]
    assert 'value="Gus"' in shown.html and shown.html.count("checked") == 2
    taken = {"name": "Gita Two", "email": "gita@example.org", "roles": ["leader"]}
    shown = desk.client.submit(page, taken, button="Make the account", status=422)
    assert shown.errors == ["Somebody already has the e-mail address gita@example.org"]
    shown = desk.client.submit(page, {"stand_in": "y", "roles": ["leader"]}, button="Make the account", status=422)
    assert "Only a guardian can be a stand-in" in shown.errors
    assert "Gus" not in people(instance) and verbs(instance) == []


def test_several_at_once_are_all_added_or_none(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/people/paste")
    rows = "Owen, owen@example.org, overseer\nPete\tpete@example.org\tpeer\nGus, gus@example.org, guardian, stand-in"
    shown = desk.client.submit(page, {"rows": f"{rows}\nLee, lee, leader"}, button="Make the accounts", status=422)
    assert "Line 4: enter an e-mail address in the right form, like name@example.org." in shown.text
    assert "Gus, gus@example.org, guardian, stand-in" in shown.html and "Owen" not in people(instance)
    desk.client.submit(shown, {"rows": rows}, button="Make the accounts")
    found = people(instance)
    assert found["Gus"].stand_in and found["Owen"].roles == ["overseer"]
    with instance.stores.read_main() as main:
        assert main.get(PeerTerm, found["Pete"].id) is not None


def test_links_for_everybody_who_has_none(desk: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        for name in ("Otis", "Odile", "Ora"):
            service.add_person(main, name, f"{name}@example.org", ["leader"])
    service.invite(instance.house, people(instance)["Ora"].id)
    desk.sign_in("ada")
    shown = desk.client.submit(desk.client.get("/set-up"), button="Make links for everybody who has none", status=200)
    addresses = [one.text or "" for one in shown.with_class("desk-link")]
    assert [words for words in ("Odile", "Otis") if words in shown.text] == ["Odile", "Otis"] and len(addresses) == 2
    said = shown.text
    for address in addresses:  # the letters of a token are random: any three may come up in it
        said = said.replace(address, "")
    assert "Ora" not in said
    assert desk.browser().get(addresses[0].split("/desk", 1)[1]).h1 == "Welcome, Odile"
    assert "Make links for everybody" not in desk.client.get("/set-up").text


def test_an_account_that_was_never_set_up_is_removed_with_its_link(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/people/paste")
    desk.client.submit(page, {"rows": "Pete, pete@example.org, peer"}, button="Make the accounts")
    pete = people(instance)["Pete"]
    token = service.invite(instance.house, pete.id)
    desk.client.submit(desk.client.get("/set-up"), button="Remove the account of Pete")
    assert "The account of Pete is removed" in desk.client.get("/set-up").html
    assert "Pete" not in people(instance) and verbs(instance) == ["account", "unmade"]
    desk.browser().get(f"/welcome/{token}", 410)
    with instance.stores.read_live() as live, instance.stores.read_main() as main:
        assert live.scalar(select(func.count()).where(Invitation.person_id == pete.id)) == 0
        assert main.get(PeerTerm, pete.id) is None


def test_who_has_set_up_is_never_removed(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up")
    token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    gita = people(instance)["Gita"].id
    for nobody in (gita.hex(), "0" * 32, "nonsense"):
        desk.client.post(f"/set-up/people/{nobody}/remove", {"csrf_token": token}, 404)
    assert not service.remove_newcomer(instance.house, gita) and "Gita" in people(instance)
    priya = people(instance)["Priya"].id
    assert not service.remove_newcomer(instance.house, priya)
    with instance.stores.read_main() as main:
        assert main.get(PeerTerm, priya) is not None


@pytest.mark.parametrize("gone", [{"shut_on": dt.date(2026, 11, 1)}, {"outside": "issuer|someone"}])
def test_who_left_or_signs_in_elsewhere_is_never_removed(instance: Instance, gone: dict[str, object]) -> None:
    """The log names them; and no link may let its finder become them."""
    with instance.stores.write_main() as main:
        otis = service.add_person(main, "Otis", "otis@example.org", ["leader"])
        for name, value in gone.items():
            setattr(otis, name, value)
        person_id = otis.id
    assert not service.remove_newcomer(instance.house, person_id)
    assert adding.newcomer(instance.house, person_id.hex()) is None
    assert adding.without_link(instance.house) == [] and "Otis" in people(instance)


def test_who_accepted_a_moment_before_is_not_removed(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        otis = service.add_person(main, "Otis", "otis@example.org", ["leader"]).id
    token = service.invite(instance.house, otis)
    service.accept(instance.house, token, "a roof full of quiet bees", TOTP, code_at(TOTP, instance.clock()))
    assert not service.remove_newcomer(instance.house, otis) and "Otis" in people(instance)
