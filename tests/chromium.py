"""Chromium for the tests that need a browser: it may reach this machine only, and whatever it complains of is kept."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PHONE, DESKTOP = (375, 800), (1280, 900)
#: WCAG 2.2 A and AA, and what axe calls best practice
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def launched() -> Iterator[Browser]:
    """A running Chromium; without one the test skips and says so, or fails where everything must be tested."""
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "NO CHROMIUM: nothing was tested in a browser. Install it."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class _Silent(WSGIRequestHandler):
    def log(self, *_args: Any, **_kwargs: Any) -> None:
        """No line for each request."""


@contextmanager
def served(app: WSGIApplication, port: int = 0) -> Iterator[str]:
    """An application on a port of this machine; yields its address without a slash at the end."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Screen:
    """One window, and everything that its console said."""

    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)
    #: addresses outside of this machine that a page asked for
    strayed: list[str] = field(default_factory=list)

    def check(self) -> None:
        """No complaint of axe, nothing on the console, no request that left this machine."""
        found = Axe().run(self.page, options={"runOnly": RULES}).response["violations"]
        assert not found, [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        self.check_quiet()
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page is too wide"

    def check_quiet(self) -> None:
        assert not self.said
        assert not self.strayed


@contextmanager
def opened(browser: Browser, size: tuple[int, int] = PHONE, *, script: bool = True) -> Iterator[Screen]:
    """A window with nothing in its memory."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": size[0], "height": size[1]})
    screen = Screen(context, context.new_page())

    def gate(route: Route) -> None:
        if route.request.url.startswith("http://127.0.0.1:"):
            route.continue_()
        else:
            screen.strayed.append(route.request.url)
            route.fulfill(body="elsewhere")

    context.route("**/*", gate)
    screen.page.on("console", lambda message: screen.said.append(message.text))
    screen.page.on("pageerror", lambda error: screen.said.append(str(error)))
    yield screen
    context.close()
