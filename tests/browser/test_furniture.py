"""The furniture of both doors in Chromium: errors, leaving safely, the desk's form cookie."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from concerns.pages.furniture import EXIT_URL
from tests.browser.conftest import served
from tests.browser.ports import free_port
from tests.pages.conftest import make_desk_app, make_report_app

pytestmark = pytest.mark.browser


@pytest.fixture
def address() -> Iterator[str]:
    app = make_report_app()
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": make_desk_app("/desk/")})  # type: ignore[method-assign]
    with served(app, free_port()) as where:
        yield where


@pytest.mark.parametrize("width", [375, 1280])
def test_a_form_with_errors_is_accessible_and_quiet(
    open_page: Callable[..., Page], sound: Callable[[Page], None], address: str, width: int
) -> None:
    page = open_page(width=width, script=True)
    page.goto(f"{address}/example")
    sound(page)
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_title("Error: What is Ada’s view? – Staff feedback")
    sound(page)


def test_script_leads_to_the_errors_and_counts(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(script=True)
    page.goto(f"{address}/example")
    page.get_by_label("What worries you?").fill("x" * 40)
    expect(page.get_by_text("You have 60 characters remaining").first).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Say how worried you are").click()
    expect(page.get_by_label("A bit").first).to_be_focused()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_keyboard_reaches_the_content_first(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(script=True)
    page.goto(f"{address}/example")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_leaving_safely(browser: Browser, address: str, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script)
    context.route(EXIT_URL, lambda route: route.fulfill(body="elsewhere"))
    page = context.new_page()
    page.goto(f"{address}/plain")
    page.goto(f"{address}/example")
    with page.expect_request(EXIT_URL) as asked:
        page.get_by_role("link", name="Leave safely").click()
    assert "referer" not in asked.value.headers
    page.wait_for_url(EXIT_URL)
    page.go_back()
    # with script the page that was left is no longer behind the back button
    expect(page).to_have_url(address + ("/plain" if script else "/example"))
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_desks_form_works_over_plain_http_on_this_machine(browser: Browser, address: str, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}/desk/example")
    assert [(cookie.get("name"), cookie.get("path")) for cookie in context.cookies()] == [
        ("__Secure-concerns-form", "/desk/")
    ]
    page.get_by_label("Your name").fill("Gita")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Your name")).to_have_value("Gita")
    context.close()
