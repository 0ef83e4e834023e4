"""In a browser: Ada foresees what somebody who knows much could learn, and Gita makes her part of a statutory return."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.closing_bench import launch

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [375, 1280])
def test_ada_foresees_the_numbers(
    open_desk: Callable[..., DeskPages], sound: Callable[[Page], None], width: int
) -> None:
    ada = open_desk(width, False)
    ada.go("/set-up")
    ada.sign_in("ada")
    ada.follow("What somebody who knows much could learn from the numbers")
    assert ada.heading == "What somebody who knows much could learn"
    assert "Surgery: other areas" in ada.text
    sound(ada.page)
    ada.go("/set-up")
    ada.follow("Change the rules")
    ada.write("Smallest number ever shown", "9")
    ada.press("Put it up for signing")
    assert "between 10 and 100" in ada.text
    sound(ada.page)
    ada.write("Smallest number ever shown", "12")
    ada.press("Put it up for signing")
    assert "It loosens nothing" in ada.text
    sound(ada.page)


@pytest.mark.parametrize("width", [375, 1280])
def test_gita_makes_her_part_of_a_return(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int
) -> None:
    launch(rehearsal, dt.date(2026, 7, 1))
    gita = open_desk(width, False)
    gita.go("/close/")
    gita.sign_in("gita")
    gita.follow("Statutory return")
    assert "No leader" not in gita.text and "no leader" in gita.text
    sound(gita.page)
    gita.follow("Make the return of July to September 2026")
    gita.press("Do the first part")
    assert "Confirm that what you were told in person is entered" in gita.text
    sound(gita.page)
    gita.page.get_by_label("Everything that we were told in person").check()
    gita.press("Do the first part")
    assert "Your part is done. Another guardian has to complete it." in gita.text
    sound(gita.page)
