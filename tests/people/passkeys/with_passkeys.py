"""Shared steps: somebody adds a passkey, and comes back with it."""

from sqlalchemy import select

from concerns.people.model import Passkey, Person
from concerns.people.passkeys import door, service
from tests.cast import Instance
from tests.people.passkeys.authenticator import Device
from tests.people.visiting import Desk
from tests.police import Page

BUTTON = "Use a passkey instead of a code"


def person(instance: Instance, name: str) -> Person:
    with instance.stores.read_main() as main:
        return main.scalars(select(Person).where(Person.email == f"{name}@example.org")).one()


def added(instance: Instance, name: str, device: Device | None = None) -> Device:
    """A device whose passkey this person added."""
    device, owner = device or Device(), person(instance, name)
    cookie = service.begin(instance.house, owner.id, instance.passphrase(name), "my phone")
    asked = service.question(instance.house, owner.id, cookie)
    assert asked is not None
    service.add(instance.house, owner.id, cookie, device.make(asked.options))
    return device


def begun(instance: Instance, name: str, passphrase: str | None = None) -> tuple[str, str]:
    """The first step: what the cookie holds, and what the device is asked."""
    cookie = door.begin(instance.house, f"{name}@example.org", passphrase or instance.passphrase(name), "")
    asked = door.question(instance.house, cookie)
    assert asked is not None
    return cookie, asked.options


def passkeys(instance: Instance) -> list[Passkey]:
    with instance.stores.read_main() as main:
        return list(main.scalars(select(Passkey)))


def first_step(desk: Desk, name: str, **changed: str) -> Page:
    factors = {"email": f"{name}@example.org", "passphrase": desk.instance.passphrase(name), **changed}
    redirected = desk.client.submit(desk.client.get("/sign-in"), factors, button=BUTTON)
    assert redirected.location == "/desk/sign-in/passkey"
    return desk.client.get("/sign-in/passkey")


def options(page: Page) -> str:
    return str(page.form(button=None, number=0).get("data-options"))
