"""What both doors say until somebody has founded the instance."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from concerns.areas.model import Organisation
from concerns.store.house import house

#: answered before there is an organisation
OPEN = frozenset({"first.begin", "static", "theme"})
FOUNDED = "concerns.founded"


def open_first(app: Flask) -> None:
    """Until somebody founds the instance, this door says so on every page."""
    app.before_request(_not_yet)


def _not_yet() -> ResponseReturnValue | None:
    if current_app.extensions.get(FOUNDED):
        return None
    try:
        with house().stores.read_main() as main:
            current_app.extensions[FOUNDED] = main.get(Organisation, 1) is not None
    except SQLAlchemyError:  # other pages say so, and give back what was typed
        return None
    if current_app.extensions[FOUNDED] or request.endpoint in OPEN:
        return None
    return render_template("founding/not_yet.html"), 503
