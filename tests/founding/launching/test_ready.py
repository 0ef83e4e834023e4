"""Set-up ends when nothing blocks; then guardians sign, and until all have it can be taken up again."""

import pytest
from sqlalchemy import func, select

from concerns.areas.model import Organisation
from concerns.audit.model import AuditRow
from concerns.charter.model import CharterPage
from concerns.charter.service import NotOpenYet, current, drafts, sign
from concerns.founding.launching import ready
from concerns.founding.launching.ready import NotNow
from concerns.people import guardianship
from concerns.people.guardianship import guardian_key
from concerns.people.model import Person
from concerns.people.service import add_person
from tests.cast import Instance
from tests.founding.setting_up import founded_by_ada, piloting, settled, signed_by_all, stage


def pages(instance: Instance) -> int:
    with instance.stores.read_main() as main:
        return main.scalar(select(func.count()).select_from(CharterPage)) or 0


def open_to_guardians(instance: Instance) -> bool:
    with instance.stores.read_main() as main:
        try:
            current(main, instance.directory)
        except NotOpenYet:
            return False
    return True


@pytest.mark.parametrize("way", ["pilot", "real"])
def test_set_up_ends_and_guardians_sign(unfounded: Instance, way: str) -> None:
    ada = settled(unfounded)
    with unfounded.stores.write_main() as main:
        assert not guardianship.put_up_manifest(main)
    assert pages(unfounded) == 0
    unfounded.clock.pass_(days=5)
    ready.begin(unfounded.house, way, ada)
    assert stage(unfounded) == way and pages(unfounded) == 2 and not open_to_guardians(unfounded)
    with unfounded.stores.read_main() as main:
        organisation = main.get_one(Organisation, 1)
        assert organisation.launched_on == unfounded.clock().date()
        entry = main.scalars(select(AuditRow).order_by(AuditRow.n.desc()).limit(1)).one()
        assert (entry.verb, entry.about, entry.person_id) == ("begun", way, ada)
    signed_by_all(unfounded)
    policy = unfounded.charter.policy_on(unfounded.clock().date())
    assert set(policy.kinds) == {"quarter", "year"}


def test_the_first_rules_are_what_the_admin_wanted(unfounded: Instance) -> None:
    ada = settled(unfounded)
    with unfounded.stores.write_main() as main:
        organisation = main.get_one(Organisation, 1)
        organisation.rules_wanted = {"retention_months": 6, "acknowledge_days": 5, "handling": True}
        organisation.flags_per_year = 30
    ready.begin(unfounded.house, "pilot", ada)
    signed_by_all(unfounded)
    policy = unfounded.charter.policy_on(unfounded.clock().date())
    assert (policy.retention_months, policy.clocks["acknowledge_days"]) == (6, 5)
    assert set(policy.kinds) == {"year", "handling"}


def test_a_guardian_without_keys_is_waited_for(unfounded: Instance) -> None:
    ada = settled(unfounded)
    with unfounded.stores.write_main() as main:
        add_person(main, "Gus", "gus@example.org", ["guardian"])
    ready.begin(unfounded.house, "pilot", ada)
    assert pages(unfounded) == 1  # the rules are there; whose keys they go with is not known yet


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("read_instead", {"guardian": "The chair", "head": "The chair", "chair": " "}, "the chair or the admin"),
        ("reading_days", [], "reading days"),
        ("signposts", [{"name": "x", "number": "1", "hours": "Office hours", "danger": True}], "day and night"),
        ("signposts", [{"name": "x", "number": "1", "hours": "Day and night", "danger": False}], "day and night"),
        ("signposts", [{"name": "x", "number": " ", "hours": "Day and night", "danger": True}], "day and night"),
        ("settled", ["organisation", "people", "reading", "signposts", "instead"], "Settle “Areas and head-counts”."),
    ],
)
def test_what_blocks_is_said(unfounded: Instance, what: str, value: object, said: str) -> None:
    ada = settled(unfounded)
    with unfounded.stores.write_main() as main:
        setattr(main.get_one(Organisation, 1), what, value)
    with pytest.raises(NotNow, match=said):
        ready.begin(unfounded.house, "pilot", ada)
    assert stage(unfounded) == "setting-up" and pages(unfounded) == 0


@pytest.mark.parametrize("guardians", [("gita",), ()])
def test_two_guardians_are_needed(unfounded: Instance, guardians: tuple[str, ...]) -> None:
    ada = settled(unfounded, guardians)
    with pytest.raises(NotNow, match="two guardians"):
        ready.begin(unfounded.house, "pilot", ada)


def test_stand_ins_alone_are_not_enough(unfounded: Instance) -> None:
    ada = settled(unfounded)
    with unfounded.stores.write_main() as main:
        for person in guardianship.guardians_in(main):
            person.stand_in = True
    with pytest.raises(NotNow, match="no stand-in"):
        ready.begin(unfounded.house, "pilot", ada)


def test_it_begins_once(unfounded: Instance) -> None:
    ada = settled(unfounded)
    ready.begin(unfounded.house, "pilot", ada)
    with pytest.raises(NotNow, match="ended already"):
        ready.begin(unfounded.house, "real", ada)
    assert stage(unfounded) == "pilot"


def test_set_up_is_taken_up_again_until_all_have_signed(unfounded: Instance) -> None:
    ada = settled(unfounded)
    ready.begin(unfounded.house, "pilot", ada)
    person_id, secret = unfounded.secrets["gita"]
    with unfounded.stores.write_main() as main:
        found = drafts(main)
        assert found is not None
        key = guardian_key(main.get_one(Person, person_id))
        assert not sign(main, unfounded.directory, found.hash, key, secret[32:])
    ready.set_back(unfounded.house, ada)
    assert stage(unfounded) == "setting-up" and pages(unfounded) == 0
    ready.begin(unfounded.house, "real", ada)
    signed_by_all(unfounded)
    assert open_to_guardians(unfounded)
    with pytest.raises(NotNow, match="Every guardian has signed"):
        ready.set_back(unfounded.house, ada)
    assert open_to_guardians(unfounded) and stage(unfounded) == "real"


def test_what_is_set_up_from_a_file_is_not_taken_up_again(instance: Instance) -> None:
    with pytest.raises(NotNow):
        ready.set_back(instance.house, bytes(16))
    assert stage(instance) == "real"


def test_nothing_ends_before_it_began(unfounded: Instance) -> None:
    ada = founded_by_ada(unfounded)
    with pytest.raises(NotNow, match="Settle"):
        ready.begin(unfounded.house, "pilot", ada)
    with pytest.raises(NotNow):
        ready.set_back(unfounded.house, ada)


def test_a_pilot_that_is_open_is_not_taken_up_again(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    with pytest.raises(NotNow):
        ready.set_back(unfounded.house, ada)
    assert open_to_guardians(unfounded)
