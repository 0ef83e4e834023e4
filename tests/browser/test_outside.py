"""Through the organisation's directory and back in a browser: another site on the way, a strict cookie at its end."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import config
from concerns import open_house
from concerns.people.model import Person
from concerns.people.second_factor import code_at
from tests.browser.conftest import served
from tests.browser.pages.desk import DeskPages
from tests.browser.ports import free_port
from tests.cast import FixedClock, Instance
from tests.people.outside.directory import CLIENT_ID, SECRET, Directory, serving
from tests.people.visiting import beside_the_report_door

pytestmark = pytest.mark.browser


@pytest.fixture
def directory() -> Iterator[Directory]:
    found = Directory(FixedClock())
    with serving(found):
        yield found


@pytest.fixture
def beside(
    tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]], directory: Directory
) -> Iterator[Instance]:
    """The founded rehearsal with its desk on `localhost`, which is another site than the directory's number."""
    shutil.copytree(founded[0], tmp_path / "instance")
    port = free_port()
    environ = {
        "CONCERNS_BIND": f"127.0.0.1:{port}",
        "CONCERNS_DESK_ORIGIN": f"http://localhost:{port}",
        "CONCERNS_OIDC_ISSUER": directory.issuer,
        "CONCERNS_OIDC_CLIENT_ID": CLIENT_ID,
        "CONCERNS_OIDC_SECRET": SECRET,
    }
    settings = config.load(tmp_path / "instance", environ)
    opened = Instance(settings, directory.clock, open_house(settings, directory.clock), founded[1])
    yield opened
    opened.close()


@contextmanager
def open_at(beside: Instance, browser: Browser, width: int, *, script: bool = False) -> Iterator[DeskPages]:
    """A tab at the served desk."""
    app = Flask("nothing")
    desk_app = beside_the_report_door(beside.desk_app)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": desk_app})  # type: ignore[method-assign]
    with (
        served(app, int(beside.settings.bind.rpartition(":")[2])),
        browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script) as context,
    ):
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield DeskPages(page, beside.settings.desk_origin, beside)


@pytest.mark.parametrize(("width", "script"), [(375, False), (1280, True)])
def test_a_leader_goes_there_and_comes_back_to_where_she_wanted(
    browser: Browser, beside: Instance, sound: Callable[[Page], None], width: int, script: bool
) -> None:
    with open_at(beside, browser, width, script=script) as desk:
        page, context = desk.page, desk.page.context
        desk.go("/promises/")
        assert desk.heading == "Sign in"
        sound(page)
        desk.follow("Sign in with your organisation’s account")
        expect(page.get_by_role("heading", name="The directory")).to_be_visible()
        desk.follow("Let me in")
        page.wait_for_url("**/desk/promises/")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        names = {cookie["name"] for cookie in context.cookies()}
        assert "__Secure-concerns" in names and "__Secure-concerns-outside" not in names


@pytest.mark.parametrize("width", [375, 1280])
def test_a_first_passphrase_is_chosen_after_the_directory_asked_her_anew(
    browser: Browser, beside: Instance, sound: Callable[[Page], None], width: int
) -> None:
    with beside.stores.write_main() as main:
        nobody_yet = dict.fromkeys(("salt", "verifier", "totp"))
        main.execute(update(Person).where(Person.email == "lena@example.org").values(nobody_yet))
    with open_at(beside, browser, width) as desk:
        desk.go("/me/first")
        desk.follow("Sign in with your organisation’s account")
        desk.follow("Let me in")
        desk.page.wait_for_url("**/desk/me/first")
        assert desk.page.locator("input[name=passphrase]").count() == 0
        sound(desk.page)
        desk.page.locator("main a[href*='outside']").click()
        desk.follow("Let me in")
        desk.page.wait_for_url("**/desk/me/first")
        sound(desk.page)
        desk.write("Passphrase", "lena reads no flag at all")
        desk.write("The same passphrase again", "lena reads no flag at all")
        totp = desk.page.locator("input[name=totp]").get_attribute("value") or ""
        desk.write("Six-digit code", code_at(totp, beside.clock.now))
        desk.page.locator("main form button").last.click()
        expect(desk.page.get_by_text("You can sign in with your passphrase and a code too")).to_be_visible()
