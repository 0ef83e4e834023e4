"""Earlier words of themes are in every copy and stay at a launch, on both stores."""

from pathlib import Path

import config
from concerns import open_house
from concerns.charter import pins
from concerns.founding.copies.backing_up import back_up
from concerns.founding.copies.restoring import restore
from concerns.founding.launching import launch
from concerns.people.access import Visitor
from concerns.people.categories import service
from concerns.store.house import House
from tests.cast import Instance
from tests.founding.setting_up import piloting, stage


def reword(house: House, admin: bytes) -> list[str]:
    """Two changes; returns the definitions before them, the newest first."""
    ada = Visitor(admin, "Ada", "ada@example.org", frozenset({"admin"}), None)
    code = service.planned(house).now[0].code
    first = service.planned(house).now[0].definition
    for definition in ("Second.", "Third."):
        service.reword(house, ada, code, definition, "rota\nshift")
    assert kept(house) == ["Second.", first]
    return ["Second.", first]


def kept(house: House) -> list[str]:
    code = service.planned(house).now[0].code
    return [one.words.definition for one in service.earlier_words(house, code, None)]


def test_they_are_in_a_copy_and_come_back_with_it(instance: Instance, tmp_path: Path) -> None:
    before = reword(instance.house, instance.guardian().person_id)
    back_up(instance.house, tmp_path / "monday.copy")
    elsewhere = open_house(config.load(tmp_path / "elsewhere", {}), instance.clock)
    elsewhere.directory.mkdir()
    restore(elsewhere, tmp_path / "monday.copy")
    assert kept(elsewhere) == before
    elsewhere.stores.close()


def test_they_stay_when_the_pilot_is_destroyed(unfounded: Instance) -> None:
    ada = piloting(unfounded)
    before = reword(unfounded.house, ada)
    pins.remember(unfounded.directory, unfounded.charter.place)
    unfounded.clock.pass_(days=3)
    launch.begin(unfounded.house, ada)
    assert stage(unfounded) == "real"
    assert kept(unfounded.house) == before
