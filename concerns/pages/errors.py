"""Plain pages for what goes wrong; nothing that a person typed or asked for is ever written down."""

import errno
import gc
import logging
import sqlite3
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO, cast

from flask import Flask, Response, abort, current_app, make_response, render_template
from flask.logging import wsgi_errors_stream
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

UNREADABLE = (_("Sorry, we could not read that"), _("Go back, load the page again, and send it once more."))
LOST = (_("Page not found"), _("Check the address, or start again from the first page."))
BROKEN = (
    _("Sorry, this service is not working just now"),
    _("Nothing was stored. Go back and try again in a few minutes. If someone is in danger, ring 999."),
)
#: a guardian's page may have stored its part before it failed
BROKEN_AT_DESK = (
    "Sorry, this service is not working just now",
    "If you sent something, it may not have been stored. Look before you send it again. Try again in a few minutes.",
)
MESSAGES = {
    403: (
        _("Sorry, you cannot do that from here"),
        _("Start again from the first page of this service. Links and forms on other websites do not work here."),
    ),
    404: LOST,
    405: LOST,
    413: (
        _("Sorry, that is too much at once"),
        _("Go back, shorten what you wrote or choose a smaller photo, then send it again."),
    ),
}
#: for when the store or the templates themselves fail
LAST_RESORT = Markup(
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{heading}</title></head>'
    "<body><h1>{heading}</h1><p>{advice}</p></body></html>\n"
)


Trouble = Literal["full", "busy", "gone"]
#: codes of SQLite, without what extends them, and states of PostgreSQL
_SQLITE: dict[int, Trouble] = {sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_BUSY: "busy", sqlite3.SQLITE_LOCKED: "busy"}
_POSTGRESQL: dict[str, Trouble] = {"53100": "full", "55P03": "busy", "57014": "busy"}


def store_trouble(error: BaseException | None) -> Trouble | None:
    """Why a store did not do what it was asked: its disk is full, somebody else holds it, or it does not answer."""
    if isinstance(error, HTTPException):
        error = getattr(error, "original_exception", None)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "full"
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    own = error.orig
    if isinstance(own, sqlite3.Error):
        return _SQLITE.get(getattr(own, "sqlite_errorcode", 0) & 0xFF, "gone")
    return _POSTGRESQL.get(str(getattr(own, "sqlstate", "")), "gone")


def open_errors(app: Flask) -> None:
    app.before_request(refuse_debug)
    app.register_error_handler(HTTPException, show_error)
    app.logger = quiet_log(app.name)

    def log_exception(exc_info: Any) -> None:
        app.logger.error("", exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]


def refuse_debug() -> None:
    """However a door was started: in debug mode an error would show what somebody typed."""
    if current_app.debug:
        abort(503)


def show_error(error: HTTPException) -> Response | WerkzeugResponse:
    """The page for one error; what the failed request held in memory is let go as soon as the answer is out."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # typed as the sans-I/O response it inherits from
    # what a store cannot do now it may do later: that is no fault of this program
    code = 503 if store_trouble(error) else error.code or 500
    broken = BROKEN if current_app.extensions["concerns.pages"].door == "report" else BROKEN_AT_DESK
    heading, advice = MESSAGES.get(code, broken if code >= 500 else UNREADABLE)
    answer = make_response(_page(str(heading), str(advice)), code)
    if methods := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(methods))
    if code >= 500:
        answer.call_on_close(gc.collect)
    return answer


def _page(heading: str, advice: str) -> str:
    try:
        return render_template("layout/error.html", heading_text=heading, advice=advice)
    except Exception:  # noqa: BLE001  # whatever broke the page may break this one as well
        return LAST_RESORT.format(heading=heading, advice=advice)


def quiet_log(name: str) -> logging.Logger:
    """A log for one application, outside the tree of loggers, whose handlers would write messages."""
    log = logging.Logger(name)  # noqa: LOG001  # see above
    handler = logging.StreamHandler(cast("TextIO", wsgi_errors_stream))
    handler.setFormatter(QuietFormatter())
    log.addHandler(handler)
    return log


class QuietFormatter(logging.Formatter):
    """The kind of an error and where in the code: no message, path or value, which may quote what a reporter typed."""

    def format(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return f"{record.levelname} at {record.module}:{record.lineno}"
        kind, _error, trace = record.exc_info
        return f"{record.levelname} {kind.__name__} at {_places(trace)}"


def _places(trace: TracebackType | None) -> str:
    return " > ".join(
        f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}:{line}"
        for frame, line in traceback.walk_tb(trace)
    )
