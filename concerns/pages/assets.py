"""Built files with their hash in the name: where each is, and how it is served."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

BUILT = Path(__file__).parent.parent / "static" / "built"
A_YEAR = 365 * 24 * 3600
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class NotBuilt(Exception):
    """`make assets` has not been run."""


@dataclass(frozen=True)
class Assets:
    """The built files of one folder, by the plain names that templates use."""

    folder: Path

    @cached_property
    def names(self) -> dict[str, str]:
        """From "main.css" to "main-2f1c….css"."""
        try:
            found: dict[str, str] = json.loads((self.folder / "manifest.json").read_text())
        except FileNotFoundError:
            raise NotBuilt("The style sheets and scripts are not built: run `make assets`.") from None
        return found

    @cached_property
    def served(self) -> frozenset[str]:
        return frozenset(self.names.values())

    def url(self, name: str) -> str:
        return url_for("static", filename=self.names[name])

    def serve(self, filename: str) -> Response:
        """One built file, compressed where the browser can read that; nothing else of the disk."""
        if filename not in self.served:
            abort(404)
        zipped = request.accept_encodings["gzip"] > 0
        content = (self.folder / (filename + ".gz" if zipped else filename)).read_bytes()
        answer = Response(content, mimetype=TYPES[Path(filename).suffix])
        if zipped:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer


def open_assets(app: Flask, folder: Path = BUILT) -> None:
    """Serve `/static/…` and give templates `asset_url`. The application must have been made with `static_folder=None`."""
    assets = Assets(folder)
    app.add_url_rule("/static/<filename>", "static", assets.serve)
    app.jinja_env.globals["asset_url"] = assets.url
