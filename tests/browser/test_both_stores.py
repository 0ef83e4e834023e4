"""Gita and Gwen at the desk in a browser, once on each kind of store: the other journeys run on SQLite alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.pages.desk import DeskPages
from tests.browser.ports import free_port
from tests.cast import Instance
from tests.cluster import Databases
from tests.conftest import instance_on
from tests.triage.telling import tell

pytestmark = pytest.mark.browser

FIRST = "The hoist on our ward stops half way up and we lift patients by hand."
SAME = "On our ward the hoist stops half way and so the patients are lifted by hand."
STRANGE = "Buy a watch from us today."


@pytest.fixture(params=["sqlite", "postgres"])
def rehearsal(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    founded: tuple[Path, dict[str, tuple[bytes, bytes]]],
    postgres: Databases | None,
) -> Iterator[Instance]:
    """In place of the one on SQLite that the other journeys use."""
    bind = {"CONCERNS_BIND": f"127.0.0.1:{free_port()}"}
    with instance_on(request.param, tmp_path, founded, postgres, bind) as opened:
        yield opened


@pytest.mark.parametrize(("width", "script"), [(375, True), (1280, False)], ids=["phone", "desk without script"])
def test_gita_and_gwen_work_on_the_same_flags(
    open_desk: Callable[..., DeskPages], rehearsal: Instance, sound: Callable[[Page], None], width: int, script: bool
) -> None:
    first, same, strange = (tell(rehearsal, text, worry="fairly") for text in (FIRST, SAME, STRANGE))
    gita = open_desk(width, script)
    gita.go("/inbox?show=new")
    gita.sign_in("gita")
    sound(gita.page)
    gita.follow(FIRST)
    gita.press("Fill in the reply")
    gita.choose("Main theme", "Equipment, estate and infection")
    gita.press("Save")
    assert "Saved. The reporter sees your reply and the status." in gita.text
    gita.go(f"{first.path}/events")
    sound(gita.page)
    gita.press(f"Link with: {SAME}")
    assert "Counted as one under Equipment, estate and infection" in gita.text
    gita.go(f"{strange.path}/not-ours")
    gita.write("Reason", "An advertisement.")
    gita.press("Propose to leave it out")
    gita.press("Sign out")

    gwen = open_desk(width, script)
    gwen.go("/inbox?second=yes")
    gwen.sign_in("gwen")
    assert FIRST in gwen.text
    assert SAME not in gwen.text
    gwen.go("/waiting")
    assert STRANGE in gwen.text
    sound(gwen.page)
    gwen.go(same.path)
    assert f"One event with {FIRST}" in gwen.text
    sound(gwen.page)
