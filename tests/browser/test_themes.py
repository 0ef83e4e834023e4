"""In a browser: Ada plans other themes, and Gita tries them on her flags and agrees."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.insight_flags import ZEPPELIN, sorted_flags

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [375, 1280])
def test_ada_plans_and_gita_agrees(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int
) -> None:
    sorted_flags(rehearsal, f"{ZEPPELIN} yesterday.")
    ada = open_desk(width, False)
    ada.go("/set-up")
    ada.sign_in("ada")
    ada.follow("Change the themes")
    ada.follow("Add a theme")
    ada.write("Name", "<Air ships>")
    ada.write("Group", "Safety")
    ada.write("Definition", "What flies and should not.")
    ada.write("Keywords", "zeppelin\nlawn")
    ada.press("Save")
    assert "Name: leave out the sign “<”" in ada.text
    sound(ada.page)
    ada.write("Name", "Air ships")
    ada.press("Save")
    ada.follow("Merge, split or end Staffing and skill mix")
    sound(ada.page)
    ada.page.get_by_label("It is split into new themes").check()
    ada.write("Names of the parts", "Rotas\nSkills")
    ada.press("Save")
    ada.follow("Name and group of Bullying and behaviours")
    sound(ada.page)
    ada.go("/set-up/themes")
    ada.write("A sentence as staff might write it", ZEPPELIN)
    ada.press("Try it")
    assert "After the change: “Air ships”" in ada.text
    sound(ada.page)
    ada.press("Put it up for a guardian")
    assert "It waits for a guardian." in ada.text

    gita = open_desk(width, False)
    gita.go("/insight")
    gita.sign_in("gita")
    gita.follow("A change of the themes waits for a guardian")
    gita.press("Try it")
    assert "this change would have moved 1 suggestion." in gita.text
    sound(gita.page)
    gita.press("Send it back")
    assert "Choose why you send it back" in gita.text
    sound(gita.page)
    gita.press("Agree to this change")
    assert "You agreed." in gita.text
