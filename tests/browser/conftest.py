"""A Chromium for all browser tests of a worker, and the doors served on loopback."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

import config
from concerns import open_house
from concerns.founding.answers import answers_of
from concerns.founding.service import found
from concerns.people.signing_in import unlock
from concerns.store.schema import migrate
from tests.browser.pages.desk import DeskPages
from tests.browser.ports import free_port
from tests.cast import ANSWERS, TOTP, FixedClock, Instance
from tests.mirror import MIRROR, offer

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Chromium repeats the status of a page that says the door is closed, or asks for a minute's patience
EXPECTED: tuple[str, ...] = ("status of 503", "status of 429", "status of 409", "status of 403")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Silent(WSGIRequestHandler):
    """Serves without a log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        pass


@contextmanager
def served(app: Flask, port: int) -> Iterator[str]:
    """The application on loopback, as long as this lasts."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail(f"There is no {CHROMIUM}: install Debian’s chromium.")
        pytest.skip(f"NO BROWSER: nothing was looked at. Install Debian’s chromium as {CHROMIUM}.")
    expect.set_options(timeout=30_000)  # as long as any other wait: five seconds are little on a loaded machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def whole_pages() -> Iterator[None]:
    """A click waits only until the page that it opens has begun; what is read next may stand at its end."""
    click = Locator.click

    def click_and_wait(place: Locator, *arguments: Any, **options: Any) -> None:
        click(place, *arguments, **options)
        if not place.page.is_closed():
            place.page.wait_for_load_state("domcontentloaded")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", click_and_wait)
        yield


@pytest.fixture
def rehearsal(tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]) -> Iterator[Instance]:
    """The founded rehearsal on SQLite, reachable at a free port of this machine."""
    folder, secrets = founded
    directory = tmp_path / "instance"
    shutil.copytree(folder, directory)
    settings = config.load(directory, {"CONCERNS_BIND": f"127.0.0.1:{free_port()}"})
    clock = FixedClock()
    opened = Instance(settings, clock, open_house(settings, clock), secrets)
    yield opened
    opened.close()


@pytest.fixture
def three_readers(tmp_path: Path) -> Iterator[Instance]:
    """A rehearsal with a third guardian, Gus, so that one of them can be kept out."""
    gus = {"name": "Gus", "email": "gus@example.org", "roles": ["guardian"], "passphrase": "Gus keeps bees on the roof"}
    people = [*ANSWERS["people"], {**gus, "totp_secret": TOTP}]
    settings = config.load(tmp_path / "three", {"CONCERNS_BIND": f"127.0.0.1:{free_port()}"})
    settings.directory.mkdir()
    config.write_secret(settings)
    clock = FixedClock()
    house = open_house(settings, clock)
    migrate(house.stores)
    found(house, answers_of({**ANSWERS, "people": people}, Path()), rehearsal=True)
    secrets = {}
    for name in ("gita", "gwen", "gus"):
        unlocked = unlock(house, f"{name}@example.org", f"{name.capitalize()} keeps bees on the roof", None)
        assert unlocked.secret is not None
        secrets[name] = (unlocked.person_id, unlocked.secret)
    opened = Instance(settings, clock, house, secrets)
    yield opened
    opened.close()


@pytest.fixture
def three_door(three_readers: Instance) -> Iterator[str]:
    with served(three_readers.report_app, int(three_readers.settings.bind.rpartition(":")[2])) as origin:
        yield origin


@pytest.fixture
def report_door(rehearsal: Instance) -> Iterator[str]:
    """The address of the served report door."""
    with served(rehearsal.report_app, int(rehearsal.settings.bind.rpartition(":")[2])) as origin:
        yield origin


@pytest.fixture(params=["", "/cy", "/ar"], ids=["English", "Welsh", "mirror"])
def spoken_door(
    request: pytest.FixtureRequest, rehearsal: Instance, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of the served report door in each language, one that is long and right to left among them."""
    if request.param == "/ar":
        offer(monkeypatch, MIRROR, catalogue)
    with served(rehearsal.report_app, int(rehearsal.settings.bind.rpartition(":")[2])) as origin:
        yield origin + request.param


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs that fail the test when anything is said on the console or fetched from elsewhere."""
    complaints: list[str] = []
    contexts = []

    def open_one(width: int = 375, script: bool = False, height: int = 800) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith("http://127.0.0.1:") else complaints.append(f"fetched {request.url}")
            ),
        )
        return page

    yield open_one
    for context in contexts:
        assert not context.cookies(), "a cookie was set"
        context.close()
    assert not [said for said in complaints if not any(words in said for words in EXPECTED)], complaints


@pytest.fixture
def both_doors(rehearsal: Instance) -> Iterator[str]:
    """The report door, and the desk under its own path, as on one host."""
    app = rehearsal.report_app
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": rehearsal.desk_app})  # type: ignore[method-assign]
    with served(app, int(rehearsal.settings.bind.rpartition(":")[2])) as origin:
        yield origin


@pytest.fixture
def open_desk(browser: Browser, both_doors: str, rehearsal: Instance) -> Iterator[Callable[..., DeskPages]]:
    """Opens tabs that fail the test when anything is said on the console or fetched from elsewhere."""
    complaints: list[str] = []
    contexts = []

    def open_one(width: int = 1280, script: bool = False) -> DeskPages:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)  # on a loaded machine a page may take its time
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(both_doors) else complaints.append(f"fetched {asked.url}"),
        )
        return DeskPages(page, both_doors, rehearsal)

    yield open_one
    for context in contexts:
        context.close()
    # a wrong field is answered 422, a post after the session's end 401, one from a page before it 400, one on a changed thread 409
    said_so = ("status of 422", "status of 401", "status of 400", "status of 409")
    assert not [said for said in complaints if not any(status in said for status in said_so)], complaints


@pytest.fixture
def sound(browser: Browser) -> Iterator[Callable[[Page], None]]:
    """Asserts that axe finds nothing, and that nothing has to be scrolled sideways."""
    context, axe = browser.new_context(), Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()  # a press waits only until the next page has begun
        root = page.locator("html")  # unlike evaluate, which may meet a document without an element yet
        wide = root.evaluate("root => root.scrollWidth - root.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"
        scripted = root.evaluate("root => root.classList.contains('js-enabled')")
        copy = page if scripted else _still_copy(context.new_page(), page)
        found = axe.run(copy, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
        assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        if copy is not page:
            copy.close()

    yield check
    context.close()


def _still_copy(copy: Page, page: Page) -> Page:
    """The same page in a tab where axe can run, since its timers need scripts; the page's own stay out."""
    body, address = page.content(), page.url.partition("#")[0]
    copy.set_viewport_size(page.viewport_size or {"width": 375, "height": 800})
    copy.route("**/*.js", lambda route: route.abort())
    copy.route(address, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    copy.goto(address)
    return copy
