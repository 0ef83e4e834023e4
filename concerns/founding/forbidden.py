"""What a server must not do that serves a door: debug, log requests, or let its options be changed from outside.

The process itself is asked, whichever server it is and however it was started. What stands in front of it cannot be seen.
"""

import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping

#: options of gunicorn that make it write down who asks for what; their long names may be cut short
_LOGGING = re.compile(r"(?<![\w-])--?(access-log\w*|log-sys\w*|log-conf\w*|statsd\w*|dogstatsd\w*|enable-stdio\w*)")
_DEBUG = re.compile(r"--log-level[= ]*['\"]?debug|--spew|--reload")
#: set by the `flask` command: Werkzeug’s development server writes down every request
_DEVELOPMENT = "FLASK_RUN_FROM_CLI"


class ServerRefused(Exception):
    """This server may not serve a door; the text says why, one line each."""


def faults(environ: Mapping[str, str] = os.environ) -> list[str]:
    """What is forbidden of the server in which this process runs; empty where nothing is, or where it is none."""
    return list(_found(environ))


def refuse(environ: Mapping[str, str] = os.environ) -> None:
    """Raise ServerRefused rather than make a door for a server that would write down who asks for what."""
    if found := faults(environ):
        raise ServerRefused("\n".join(found))


def option_faults(environ: Mapping[str, str] = os.environ) -> list[str]:
    """What is forbidden in the options that gunicorn would take from the environment."""
    given = environ.get("GUNICORN_CMD_ARGS", "")
    found = []
    if _LOGGING.search(given):
        found.append("GUNICORN_CMD_ARGS asks for a log of requests: that is forbidden.")
    if _DEBUG.search(given):
        found.append("GUNICORN_CMD_ARGS asks for debug mode: that is forbidden.")
    return found


def _found(environ: Mapping[str, str]) -> Iterator[str]:
    yield from option_faults(environ)
    if environ.get(_DEVELOPMENT):
        yield "The `flask` command serves with a log of every request: use `concerns run`."
    if "uwsgi" in sys.modules and not _uwsgi_is_quiet():
        yield "uWSGI writes down every request: set disable-logging, or use `concerns run`."
    for name in ("gunicorn.access", "uvicorn.access", "hypercorn.access"):
        if any(not isinstance(one, logging.NullHandler) for one in logging.getLogger(name).handlers):
            yield "The server has an access log: start it without one, or use `concerns run`."
    if "gunicorn.instrument.statsd" in sys.modules:
        yield "The server reports each request to statsd: start it without, or use `concerns run`."
    errors = logging.getLogger("gunicorn.error")
    if errors.handlers and 0 < errors.level <= logging.DEBUG:
        yield "The server logs at level debug, with the second of each connection: use `concerns run`."


def _uwsgi_is_quiet() -> bool:
    options = getattr(sys.modules["uwsgi"], "opt", {})
    return bool(options.get(b"disable-logging") or options.get("disable-logging"))
