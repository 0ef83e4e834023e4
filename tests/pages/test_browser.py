from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from concerns.pages.furniture import EXIT_URL
from tests.chromium import DESKTOP, PHONE, launched, opened, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture
def address(report_app: Flask, desk_app: Flask) -> Iterator[str]:
    desk_app.config["SESSION_COOKIE_PATH"] = "/desk/"
    with served(DispatcherMiddleware(report_app, {"/desk": desk_app})) as where:
        yield where


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("path", ["/example", "/desk/example"])
def test_a_form_with_errors_is_accessible_and_quiet(
    browser: Browser, address: str, path: str, size: tuple[int, int], *, script: bool
) -> None:
    with opened(browser, size, script=script) as screen:
        screen.page.goto(address + path)
        screen.check()
        screen.page.get_by_role("button", name="Send").click()
        expect(screen.page).to_have_title("Error: What is Ada’s view? – Staff feedback")
        screen.check()


def test_the_desks_form_works_over_plain_http_on_this_machine(browser: Browser, address: str) -> None:
    with opened(browser) as screen:
        screen.page.goto(f"{address}/desk/example")
        assert [cookie["path"] for cookie in screen.context.cookies()] == ["/desk/"]
        screen.page.get_by_label("Your name").fill("Gita")
        screen.page.get_by_role("button", name="Send").click()
        expect(screen.page.get_by_label("Your name")).to_have_value("Gita")


def test_the_report_door_leaves_nothing_in_the_browser(browser: Browser, address: str) -> None:
    with opened(browser) as screen:
        screen.page.goto(f"{address}/example")
        screen.page.get_by_role("button", name="Send").click()
        assert screen.context.cookies() == []
        assert screen.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_script_leads_to_the_errors_and_counts(browser: Browser, address: str) -> None:
    with opened(browser) as screen:
        screen.page.goto(f"{address}/example")
        screen.page.get_by_label("What worries you?").fill("x" * 40)
        expect(screen.page.get_by_text("You have 60 characters remaining").first).to_be_visible()
        screen.page.get_by_role("button", name="Send").click()
        expect(screen.page.locator(".govuk-error-summary")).to_be_focused()
        screen.page.get_by_role("link", name="Say how worried you are").click()
        expect(screen.page.get_by_label("A bit").first).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_leaving_safely(browser: Browser, address: str, *, script: bool) -> None:
    with opened(browser, script=script) as screen:
        screen.page.goto(f"{address}/plain")
        screen.page.goto(f"{address}/example")
        screen.page.get_by_role("link", name="Leave safely").click()
        screen.page.wait_for_url(EXIT_URL)
        assert screen.strayed == [EXIT_URL]
        screen.page.go_back()
        # with script the page that was left is no longer behind the back button
        expect(screen.page).to_have_url(address + ("/plain" if script else "/example"))


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    with opened(browser) as screen:
        screen.page.goto(f"{address}/example")
        screen.page.keyboard.press("Tab")
        expect(screen.page.get_by_role("link", name="Skip to main content")).to_be_focused()
        screen.page.keyboard.press("Enter")
        expect(screen.page.locator("main")).to_be_focused()
