"""What fails on the way: no connection, a lost answer, a busy door, used work, changed keys. The text stays, and nothing doubles."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from concerns.sealing.envelope import Kind
from concerns.sealing.model import Arrival
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance
from tests.flagging.conftest import thread_of

pytestmark = pytest.mark.browser

TEXT = "Two of us cover thirty beds at night."
Open = Callable[..., Page]


def flags(instance: Instance, kind: Kind = Kind.FLAG) -> int:
    with instance.stores.read_live() as live:
        return live.scalar(select(func.count()).where(Arrival.kind == int(kind))) or 0


@pytest.fixture
def door(report_door: str, rehearsal: Instance, open_page: Open) -> ReportDoor:
    """The form, filled in as far as the check."""
    door = ReportDoor(open_page(375, script=True), report_door, rehearsal)
    door.go("/tell")
    door.ready()
    door.write("text", TEXT)
    door.page.get_by_role("button", name="Send now, skip the rest").click()
    return door


def trouble(door: ReportDoor) -> str:
    panel = door.page.locator("#seal-trouble")
    panel.wait_for()
    expect(panel).to_be_focused()
    assert TEXT in door.page.locator("[data-show=text]").inner_text()
    return panel.inner_text()


def refuse_once(door: ReportDoor, pattern: str, status: int, body: dict[str, str]) -> None:
    """The next answer is this one, whatever the server would say."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    door.page.route(pattern, answer, times=1)


def lose_the_answer(door: ReportDoor, pattern: str) -> None:
    """The next post arrives, and its answer does not."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    door.page.route(pattern, lose, times=1)


@pytest.mark.usefixtures("quiet")
class TestTelling:
    def test_without_a_connection_the_text_stays_and_a_second_press_sends(
        self, door: ReportDoor, rehearsal: Instance
    ) -> None:
        door.page.route("**/device/tell", lambda route: route.abort(), times=1)
        door.press("send")
        assert "There is no connection just now." in trouble(door)
        assert flags(rehearsal) == 0
        door.press("send")
        assert thread_of(rehearsal, " ".join(door.words)).flag["text"] == TEXT

    def test_a_lost_answer_doubles_nothing(self, door: ReportDoor, rehearsal: Instance) -> None:
        lose_the_answer(door, "**/device/tell")
        door.press("send")
        assert "not stored twice" in trouble(door)
        assert flags(rehearsal) == 1
        door.press("send")
        assert len(door.words) == 9
        assert flags(rehearsal) == 1

    def test_a_changed_text_after_a_lost_answer_is_not_lost(self, door: ReportDoor, rehearsal: Instance) -> None:
        lose_the_answer(door, "**/device/tell")
        door.press("send")
        trouble(door)
        door.press("back")
        door.write("text", "And the lift is stuck.")
        door.page.get_by_role("button", name="Send now, skip the rest").click()
        door.press("send")
        assert thread_of(rehearsal, " ".join(door.words)).flag["text"] == "And the lift is stuck."
        assert flags(rehearsal) == 2

    def test_work_that_was_refused_is_done_again_by_itself(self, door: ReportDoor, rehearsal: Instance) -> None:
        refuse_once(door, "**/device/tell", 403, {"refused": "work"})
        door.press("send")
        assert len(door.words) == 9
        assert flags(rehearsal) == 1

    @pytest.mark.parametrize(
        ("status", "word", "says"),
        [
            (429, "too-many", "Send it again at the next full hour"),
            (503, "broken", "Wait a minute, then send it again"),
            (503, "closed", "This service is closed just now"),
            (403, "code", "We do not know this staff code"),
            (400, "envelope-size", "The server did not take what this page sent"),
        ],
    )
    def test_a_refusal_is_said_in_words_and_the_text_stays(
        self, door: ReportDoor, rehearsal: Instance, status: int, word: str, says: str
    ) -> None:
        refuse_once(door, "**/device/tell", status, {"refused": word})
        door.press("send")
        assert says in trouble(door)
        door.press("send")
        assert len(door.words) == 9
        assert flags(rehearsal) == 1

    def test_a_page_of_a_proxy_is_no_answer(self, door: ReportDoor) -> None:
        door.page.route("**/device/tell", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"), times=1)
        door.press("send")
        assert "We could not store it just now" in trouble(door)

    def test_two_presses_at_once_send_one(self, door: ReportDoor, rehearsal: Instance) -> None:
        door.page.evaluate("() => { const one = document.querySelector('[data-send]'); one.click(); one.click() }")
        assert len(door.words) == 9
        assert flags(rehearsal) == 1


@pytest.mark.usefixtures("quiet")
class TestComingBack:
    def test_a_lost_answer_to_a_detail_doubles_nothing(self, door: ReportDoor, rehearsal: Instance) -> None:
        door.press("send")
        words = " ".join(door.words)
        door.go("/return")
        door.ready()
        door.come_back(words)
        door.write("text", "It happened again.")
        lose_the_answer(door, "**/device/add")
        door.press("add")
        door.page.locator("#seal-trouble:visible").wait_for()
        assert door.page.locator("#text").input_value() == "It happened again."
        door.press("add")
        expect(door.page.locator(".concerns-said", has_text="It happened again.")).to_have_count(1)
        assert flags(rehearsal, Kind.DETAIL) == 1

    def test_without_a_connection_the_words_stay(self, door: ReportDoor) -> None:
        door.press("send")
        words = " ".join(door.words)
        door.go("/return")
        door.ready()
        door.page.route("**/device/open", lambda route: route.abort(), times=1)
        door.come_back(words)
        door.page.locator("#seal-trouble:visible").wait_for()
        assert door.page.locator("#receipt").input_value() == words
        door.press("open")
        expect(door.page.locator("#thread")).to_contain_text(TEXT)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chromium says on the console what this file makes happen on purpose; the other files forbid every word there."""
    from tests.browser import conftest

    monkeypatch.setattr(conftest, "EXPECTED", (*conftest.EXPECTED, "Failed to load resource", "net::ERR_FAILED"))
