"""No admin can sign in: whoever runs the server lets another one in, and the log says so."""

import pytest
from sqlalchemy import func, select

from concerns.audit.model import AuditRow
from concerns.people.model import Person
from tests.cast import Instance
from tests.people.test_accounts import follow
from tests.people.visiting import Desk
from tests.verbs.test_copying import run

ABEL = "abel@example.org"


def link(instance: Instance, email: str) -> str:
    result = run(instance.directory, "admin", "Abel Byrne", email, settings=instance.settings)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return "/welcome/" + result.stdout.split("/welcome/")[1].split()[0]


def person(instance: Instance, name: str) -> Person:
    with instance.stores.read_main() as main:
        return main.scalars(select(Person).where(Person.name == name)).one()


def entries(instance: Instance) -> int:
    with instance.stores.read_main() as main:
        return main.scalar(select(func.count()).where(AuditRow.verb == "by-terminal")) or 0


def test_after_a_lost_admin_another_one_goes_on_and_the_log_says_how(instance: Instance) -> None:
    desk = Desk(instance)
    follow(desk, link(instance, ABEL))
    assert person(instance, "Abel Byrne").roles == ["admin"]
    assert "Was given an admin’s account at the server’s terminal" in desk.client.get("/audit/").text
    page = desk.client.get(f"/set-up/people/{person(instance, 'Ada').id.hex()}/leave")
    assert "Do the same where Ada lost the passphrase" in page.text
    desk.client.submit(page, {"sure": "y"}, button="Ada leaves")
    assert person(instance, "Ada").shut_on is not None


def test_a_link_that_ran_out_unused_is_made_anew_and_the_earlier_one_is_gone(instance: Instance) -> None:
    first, second = link(instance, ABEL), link(instance, ABEL.upper())
    desk = Desk(instance)
    desk.client.get(first, 410)
    follow(desk, second)
    assert entries(instance) == 2


@pytest.mark.parametrize("name", ["ada", "lena", "gita"])
def test_nobody_who_has_set_up_is_given_a_link(instance: Instance, name: str) -> None:
    refused = run(instance.directory, "admin", "Abel", f"{name}@example.org", settings=instance.settings)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"Somebody already has the e-mail address {name}@example.org\n"
    assert entries(instance) == 0


def test_an_account_that_nobody_set_up_and_is_no_admins_becomes_none(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        main.add(Person(name="Lara", email="lara@example.org", roles=["leader"]))
    refused = run(instance.directory, "admin", "Lara", "lara@example.org", settings=instance.settings)
    assert refused.exit_code == 1 and person(instance, "Lara").roles == ["leader"]


def test_before_set_up_there_is_no_admin_to_follow(unfounded: Instance) -> None:
    refused = run(unfounded.directory, "admin", "Abel", ABEL, settings=unfounded.settings)
    assert (refused.exit_code, refused.stderr) == (1, "This instance has not been set up yet.\n")


@pytest.mark.parametrize("email", ["", "abel", "abel@@example.org"])
def test_what_is_no_address_is_refused_in_one_line(instance: Instance, email: str) -> None:
    refused = run(instance.directory, "admin", "Abel", email, settings=instance.settings)
    assert (refused.exit_code, refused.stderr.count("\n"), refused.stdout) == (1, 1, ""), refused.output
