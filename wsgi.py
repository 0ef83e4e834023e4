"""What a server runs: `report`, `desk`, or `app`, which is both with the desk under its path.

Each is made when it is first asked for, so that a report door on a host of its own never opens the desk.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

import config
from concerns import create_desk_app, create_report_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@cache
def _make(name: str) -> "WSGIApplication":
    settings = config.load(Path(os.environ.get("CONCERNS_DIRECTORY", "instance")))
    if name == "report":
        return create_report_app(settings)
    if name == "desk":
        return create_desk_app(settings)
    return DispatcherMiddleware(_make("report"), {settings.desk_path.rstrip("/"): _make("desk")})


def __getattr__(name: str) -> "WSGIApplication":
    if name in ("report", "desk", "app"):
        return _make(name)
    raise AttributeError(name)
