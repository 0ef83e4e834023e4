"""Ada sets an instance up as its pages would: founded, settled, in a pilot that two guardians have signed."""

from sqlalchemy import select

from concerns.areas.model import Area, Division, Organisation
from concerns.charter.service import drafts, sign
from concerns.founding.first.service import First, begin
from concerns.founding.launching import ready
from concerns.people import noting
from concerns.people.guardianship import guardian_key
from concerns.people.model import Person
from concerns.people.parts import INSTEAD, PARTS
from concerns.people.service import add_person, equip
from tests.cast import TOTP, Instance

PASSPHRASE = "Ada keeps bees on the roof"


def first(instance: Instance, **other: str) -> First:
    said = {
        "organisation": "Wendle Vale Trust",
        "sector": "nhs",
        "name": "Ada",
        "email": "ada@example.org",
        "passphrase": PASSPHRASE,
        "totp_secret": TOTP,
        "code": instance.code(),
    }
    return First(**{**said, **other})


def founded_by_ada(instance: Instance) -> bytes:
    """The admin's id."""
    return begin(instance.house, first(instance))


def settled(instance: Instance, guardians: tuple[str, ...] = ("gita", "gwen")) -> bytes:
    """Everything is settled, and each guardian has keys; returns the admin's id."""
    ada = founded_by_ada(instance)
    with instance.stores.write_main() as main:
        organisation = main.get_one(Organisation, 1)
        organisation.flags_per_year = 800
        organisation.reading_days = ["monday", "thursday"]
        organisation.read_instead = dict.fromkeys(INSTEAD, "The chair of trustees")
        organisation.staff_side = "Unison"
        organisation.settled = [part.name for part in PARTS]
        medicine = Division(name="Medicine")
        medicine.areas = [Area(code=f"ward-{n}", name=f"Ward {n}", staff=60) for n in (1, 2)]
        main.add(medicine)
        add_person(main, "Otto", "otto@example.org", ["overseer"])
        for name in guardians:
            person = add_person(main, name.capitalize(), f"{name}@example.org", ["guardian"])
            secret = equip(person, instance.passphrase(name), TOTP, instance.directory / "run")
            assert secret is not None
            instance.secrets[name] = (person.id, secret)
    for name in guardians:
        noting.signed_in(instance.house, *instance.secrets[name], "set-up")
    return ada


def signed_by_all(instance: Instance) -> None:
    """Every guardian signs what is put up."""
    with instance.stores.write_main() as main:
        found = drafts(main)
        assert found is not None
        for person in main.scalars(select(Person)).all():
            if "guardian" in person.roles:
                secret = next(known for id_, known in instance.secrets.values() if id_ == person.id)
                sign(main, instance.directory, found.hash, guardian_key(person), secret[32:])


def piloting(instance: Instance) -> bytes:
    """A pilot that is open; returns the admin's id."""
    ada = settled(instance)
    ready.begin(instance.house, "pilot", ada)
    signed_by_all(instance)
    return ada


def stage(instance: Instance) -> str:
    with instance.stores.read_main() as main:
        return main.get_one(Organisation, 1).stage
