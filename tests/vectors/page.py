"""An empty page that loads browser.js and nothing else, under the headers of the report door."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response

from concerns.pages.headers import open_headers
from tests.browser.conftest import served
from tests.browser.ports import free_port
from tests.vectors.bundle import ROOT, SEALING, bundle

PAGE = '<!doctype html><title>-</title><script type="module" src="/sealing.js"></script>'


@contextmanager
def sealing_page(folder: Path) -> Iterator[str]:
    """Its address, as long as this lasts."""
    scripts = {
        "sealing.js": bundle(ROOT / "tests/vectors/browser.js", folder / "sealing.js"),
        "curves_noble.js": bundle(SEALING / "curves_noble.js", folder / "curves_noble.js"),
        "work.js": bundle(ROOT / "concerns/static/js/work.js", folder / "work.js", "iife"),
    }
    app = Flask("sealing", static_folder=None)
    open_headers(app, traceless=True)
    app.add_url_rule("/", "page", lambda: PAGE)

    @app.get("/<name>")
    def script(name: str) -> Response:
        text = scripts[name].read_text(encoding="utf-8") if name in scripts else ""  # Chromium asks for an icon
        return Response(text, mimetype="text/javascript")

    with served(app, free_port()) as address:
        yield address
