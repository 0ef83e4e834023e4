"""While set-up lasts the admin's themes are in force as soon as she saves them; afterwards never again."""

import pytest
from sqlalchemy import select

from concerns.areas.model import Organisation
from concerns.people.access import Visitor
from concerns.people.categories import service
from concerns.themes.editing.service import PlanRefused
from concerns.themes.model import Theme, ThemeDraft, ThemeSet
from concerns.themes.queries import current_set
from tests.cast import Instance
from tests.people.visiting import Desk


def begins(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).stage = "setting-up"


def names(instance: Instance) -> list[str]:
    with instance.stores.read_main() as main:
        return [theme.name for theme in current_set(main, instance.clock().date())]


def test_a_draft_is_in_force_as_soon_as_it_is_saved(desk: Desk, instance: Instance) -> None:
    begins(instance)
    before = names(instance)
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/name?theme=N01")
    desk.client.submit(page, {"name": "Care of the invented"}, button="Save")
    page = desk.client.get("/set-up/themes/future?theme=N02")
    desk.client.submit(page, {"future": "retired"}, button="Save")
    assert names(instance) == before
    page = desk.client.get("/set-up/themes")
    assert "Put it up for a guardian" not in page.text and "What you drafted" in page.text
    assert desk.client.submit(page, button="Save and go back to set-up").location == "/desk/set-up"
    assert names(instance) == ["Care of the invented", *before[2:]]
    with instance.stores.read_main() as main:
        assert main.scalars(select(ThemeSet.version)).all() == [1]
        assert main.scalars(select(ThemeDraft)).all() == []
        assert main.scalars(select(Theme.position).order_by(Theme.position)).all() == list(range(len(before) - 1))
        assert "themes" in main.get_one(Organisation, 1).settled


def test_the_usual_themes_are_settled_by_one_press(desk: Desk, instance: Instance) -> None:
    begins(instance)
    before = names(instance)
    desk.sign_in("ada")
    desk.client.submit(desk.client.get("/set-up/themes"), button="Save and go back to set-up")
    assert names(instance) == before
    with instance.stores.read_main() as main:
        assert main.get_one(Organisation, 1).settled == ["themes"]


def test_once_set_up_has_ended_a_guardian_has_to_agree(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/name?theme=N01")
    desk.client.submit(page, {"name": "Care of the invented"}, button="Save")
    page = desk.client.get("/set-up/themes")
    assert "Save and go back to set-up" not in page.text
    token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    refused = desk.client.post("/set-up/themes/press", {"csrf_token": token, "press": "settle"}, 409)
    assert "Set-up has ended: put the draft up for a guardian." in refused.text
    assert "Care of the invented" not in names(instance)


def test_a_set_up_that_ends_meanwhile_changes_nothing(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Visitor(bytes(16), "Ada", "ada@example.org", frozenset({"admin"}), None)
    monkeypatch.setattr(service, "setting_up", lambda _house: True)
    with pytest.raises(PlanRefused):
        service.settle(instance.house, ada)


@pytest.mark.parametrize("path", ["", "/add", "/words?theme=N01", "/name?theme=N01", "/future?theme=N01"])
def test_before_anybody_founded_it_that_is_what_is_said(unfounded: Instance, path: str) -> None:
    assert not service.setting_up(unfounded.house)
    page = Desk(unfounded).client.get(f"/set-up/themes{path}", 503)
    assert page.h1 == "This service is not set up yet"
