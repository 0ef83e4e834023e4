"""Gita links two flags that tell of one event, in a browser, and takes one out again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.cast import Instance
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

FIRST = "The hoist on our ward stops half way up and we lift patients by hand."
SAME = "On our ward the hoist stops half way and so the patients are lifted by hand."


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("width", [375, 1280])
def test_gita_links_two_tellings_of_one_event(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int, script: bool
) -> None:
    told = [tell(rehearsal, text) for text in (FIRST, SAME)]
    desk = open_desk(width, script)
    desk.go("/inbox")
    desk.sign_in("gita")
    desk.go(told[0].path)
    desk.choose("Main theme", "Medicines")
    desk.press("Save")
    desk.go(told[1].path)
    desk.follow("Link it with another flag that tells of the same event")
    assert desk.heading == "Told by several"
    sound(desk.page)
    desk.press(f"Link with: {FIRST}")
    assert "Counted as one under Medicines, Ward 1." in desk.text
    sound(desk.page)
    desk.follow("The flag")
    assert "One event with" in desk.text
    sound(desk.page)
    desk.follow("Link another one, or take this one out")
    desk.press("Take this flag out")
    assert "The flag stands for itself again" in desk.text
    assert "Linked with" not in desk.text
