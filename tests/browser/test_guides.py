"""Help pages at both widths: nothing for axe to find, nothing too wide, and pictures that are there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from concerns.people.helping.views import PAGES
from tests.browser.pages.desk import DeskPages

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [375, 1280])
def test_help_for_each_role(open_desk: Callable[..., DeskPages], sound: Callable[[Page], None], width: int) -> None:
    desk = open_desk(width)
    desk.go("/guide")
    desk.sign_in("gita")
    assert desk.heading == "For guardians"
    for name in PAGES.values():
        if desk.page.get_by_role("navigation", name="Help for").get_by_role("link", name=name, exact=True).count():
            desk.page.get_by_role("navigation", name="Help for").get_by_role("link", name=name, exact=True).click()
        sound(desk.page)
        for image in desk.page.locator("main img").all():
            assert image.evaluate("one => one.complete && one.naturalWidth > 0")
