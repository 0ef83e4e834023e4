"""Lena's journey in a browser, by keyboard alone: the report, what it is read beside, and a board paper frozen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from concerns.disclosure.ledger import Ledger
from concerns.disclosure.nodes import Grain, Node
from concerns.disclosure.periods import Period
from concerns.learning.rules import Words
from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.learning.releasing import GENERAL, released
from tests.reports.releases import body, put

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
Sound = Callable[[Page], None]
NEWEST = Period(2026, 3)
WIDTHS = (375, 1280)


def fill(rehearsal: Instance) -> None:
    """Two years of quarters by division, the newest with more flags than chance explains, and the guardians' view."""
    quarter, bodies = Period(2024, 3), []
    for total in (60, 64, 58, 66, 61, 63, 59, 65, 190):
        nodes = {
            Node(theme="N01", division="Medicine"): total,
            Node(theme="N02", division="Surgery"): 40 if quarter < NEWEST else 2,
        }
        bodies.append(body(nodes, grain=Grain.THEMES_BY_DIVISION, period=quarter))
        quarter = quarter.next()
    with rehearsal.stores.write_main() as main:
        put(main, Ledger(rehearsal.directory), *bodies)
    released(rehearsal, Words("view", str(NEWEST), "", {"text": GENERAL}))


def go_on(lena: DeskPages, role: str, name: str, heading: str) -> None:
    """Reach a link or button by the Tab key and press Enter on it."""
    wanted = lena.page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    for _step in range(120):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        lena.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"Tab never reaches {name}")
    with lena.page.expect_navigation():  # a form with a mistake comes back under the heading that it had
        lena.page.keyboard.press("Enter")
    lena.page.locator("h1", has_text=heading).wait_for()


def look(lena: DeskPages, sound: Sound) -> None:
    for width in WIDTHS:
        lena.page.set_viewport_size({"width": width, "height": 900})
        sound(lena.page)


def test_lena_by_keyboard_alone(open_desk: Open, rehearsal: Instance, sound: Sound) -> None:
    fill(rehearsal)
    lena = open_desk(1280, script=True)
    keys = lena.page.keyboard
    lena.go("/report/")
    lena.sign_in("lena")
    assert "A signal: more than chance and noise explain" in lena.text
    assert lena.page.get_by_role("img", name="July to September 2026: about 192").count() == 1
    assert lena.page.get_by_role("img").count() == 1, "a bar is not read beside its text"
    assert lena.page.get_by_role("link", name="promise one under Promises").count() == 2, "a signal and a silence"
    assert "What may be learnt: No learning point was released" in lena.text
    look(lena, sound)

    go_on(lena, "link", "Read this beside sickness, turnover and other figures", "How to read July")
    look(lena, sound)
    go_on(lena, "link", "Type in figures", "Type in figures")
    lena.page.get_by_label("Period").focus()
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("5.2")
    with lena.page.expect_navigation():
        keys.press("Enter")
    lena.page.locator(".govuk-notification-banner", has_text="Kept for July to September 2026").wait_for()
    look(lena, sound)
    go_on(lena, "link", "How to read the report", "How to read July")
    assert "5.2%" in lena.text
    go_on(lena, "link", "Write what you expect of a period to come", "What you expect of a period to come")
    keys.press("Tab")
    go_on(lena, "button", "Save", "What you expect of a period to come")
    assert "Choose the period" in lena.text
    look(lena, sound)

    lena.go(f"/report/{NEWEST}")
    go_on(lena, "link", "Board paper", "No board paper yet")
    look(lena, sound)
    go_on(lena, "link", "Write the board paper", "Write the board paper")
    lena.page.get_by_label("Message").focus()
    keys.type("More people are telling us.")
    keys.press("Tab")
    keys.type("Fund two posts a ward.")
    look(lena, sound)
    go_on(lena, "button", "Look at the paper", "Before you freeze")
    look(lena, sound)
    go_on(lena, "button", "Freeze this paper", "Board paper: July to September 2026")
    assert "Version 1, frozen on 22 November 2026 by Lena" in lena.text
    assert GENERAL in lena.text
    look(lena, sound)
