"""What a server runs: `report`, `desk`, or `app`, which is both with the desk under its path.

Each is made when it is first asked for, so that a report door on a host of its own never opens the desk.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import redirect

import config
from concerns import create_desk_app, create_report_app, open_house
from concerns.founding import forbidden

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from concerns.founding.rounds import Rounds


@cache
def _make(name: str) -> "WSGIApplication":
    forbidden.refuse()
    settings = config.load(Path(os.environ.get("CONCERNS_DIRECTORY", "instance")))
    if name == "report":
        return create_report_app(settings)
    mount = settings.desk_path.rstrip("/")
    if name == "app" and not mount:
        raise config.SettingsRefused("desk_path is “/”, for a desk on a host of its own: serve the doors one by one.")
    if not mount:
        return create_desk_app(settings)
    rest = _make("report") if name == "app" else _to_the_desk(settings.desk_path)
    return DispatcherMiddleware(rest, {mount: create_desk_app(settings)})


def rounds() -> "Rounds":
    """The hourly round of duties, with connections of its own."""
    from concerns.founding.rounds import Rounds

    return Rounds(open_house(config.load(Path(os.environ.get("CONCERNS_DIRECTORY", "instance")))))


def _to_the_desk(path: str) -> "WSGIApplication":
    """Alone on its host the desk still lives under its path: its cookies are bound to that."""
    return redirect(path, 303)


def __getattr__(name: str) -> "WSGIApplication":
    if name in ("report", "desk", "app"):
        return _make(name)
    raise AttributeError(name)
