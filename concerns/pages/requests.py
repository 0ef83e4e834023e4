"""Reads the report door's forms as browsers send them: whole or not at all, and every byte that can be shown is kept."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import Flask, Request, Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType
from werkzeug.formparser import MultiPartParser
from werkzeug.wsgi import get_input_stream

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data"
#: more fields than any form has; splitting a million of them would keep a worker busy
MOST_FIELDS = 1000
PIECE = 64 * 1024
#: seconds in which a body must be here: three photos on a poor connection take one minute
PATIENCE = 90.0


class ReportRequest(Request):
    """A request that knows one kind of body, the one that our forms send; never a piece of it on disk.

    What a device sealed comes as JSON, and a photo without script as multipart: only to the views that ask for it.
    """

    def _load_form_data(self) -> None:
        """Fill `form`. What werkzeug would take for an empty form, and what it would cut, is refused instead."""
        if "form" in self.__dict__:
            return
        if self.mimetype not in {FORM, ""}:
            abort(415)
        body = self._whole_body()
        if body and not self.mimetype:
            abort(415)
        self._keep(_fields(body))

    def load_photo(self, limit: int) -> None:
        """Fill `form` and `files` from a multipart body of at most so many bytes, in memory alone."""
        boundary = self.mimetype_params.get("boundary", "")
        if self.mimetype != MULTIPART or not boundary:
            abort(415)
        self.max_content_length = limit
        body = self._whole_body()
        parser = MultiPartParser(
            stream_factory=lambda *_args, **_named: BytesIO(), max_form_memory_size=limit, max_form_parts=MOST_FIELDS
        )
        try:
            form, files = parser.parse(BytesIO(body), boundary.encode(), len(body))
        except ValueError as error:
            raise BadRequest from error
        self._keep(list(form.items(multi=True)), list(files.items(multi=True)))

    def load_json(self, limit: int) -> Any:
        """The parsed body of at most so many bytes. Raises 413, 415 or 400."""
        if self.mimetype != JSON:
            abort(415)
        self.max_content_length = limit
        try:
            return json.loads(self._whole_body())
        except (ValueError, RecursionError) as error:
            raise BadRequest from error

    def _keep(self, fields: list[tuple[str, str]], files: list[tuple[str, Any]] | None = None) -> None:
        self.__dict__["form"] = ImmutableMultiDict(fields)
        self.__dict__["files"] = ImmutableMultiDict(files or [])

    def _whole_body(self) -> bytes:
        """The body to its end. Raises 413 where it is too long, 400 where it broke off or is malformed."""
        limit = self.max_content_length
        # one byte more: werkzeug takes a chunked body that is cut at the limit for one that ends there
        stream = get_input_stream(self.environ, max_content_length=None if limit is None else limit + 1)
        pieces, length = [], 0
        with _patience(self.environ):
            while piece := _next(stream):
                pieces.append(piece)
                length += len(piece)
                if limit is not None and length > limit:
                    abort(413)
        if self.content_length is not None and length < self.content_length:
            abort(400)  # it broke off: half of what somebody wrote is not what she wrote
        return b"".join(pieces)


@contextmanager
def _patience(environ: Mapping[str, Any]) -> Iterator[None]:
    """Stop listening to whoever sends a body drop by drop: a few of them would hold every thread of a worker.

    A server in front that takes bodies whole never lets it come to that.
    """
    connection: socket.socket | None = environ.get("gunicorn.socket")
    if connection is None:
        yield
        return
    timer = threading.Timer(PATIENCE, _stop_listening, (connection,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _stop_listening(connection: socket.socket) -> None:
    with suppress(OSError):  # gone by itself
        connection.shutdown(socket.SHUT_RD)


def json_body(limit: int) -> Any:
    """What a device sent to this view, parsed."""
    return cast("ReportRequest", request).load_json(limit)


def load_photo(limit: int) -> None:
    """Let this view read a form with a photo."""
    cast("ReportRequest", request).load_photo(limit)


def open_requests(app: Flask) -> None:
    """Let one door read its bodies this way, and say what to do where it cannot."""
    app.request_class = ReportRequest
    for refused in (BadRequest, UnsupportedMediaType):
        app.register_error_handler(refused, show_unread)


def show_unread(error: HTTPException) -> Response:
    """The page for a body that could not be read: whoever typed it has it still."""
    page = render_template(
        "layout/error.html",
        heading_text=_("Sorry, we could not read that"),
        advice=_(
            "Go back: your text is still in your browser. Copy it somewhere safe, load the page again, and send it "
            "once more. Nothing was stored."
        ),
    )
    return make_response(page, error.code or 400)


def _next(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(PIECE)
    except HTTPException:
        raise
    except Exception as error:  # each server has its own for a malformed chunk or a lost connection
        raise BadRequest from error


def _fields(body: bytes) -> list[tuple[str, str]]:
    """The names and values; a byte that is no UTF-8, raw or as %ff, becomes the sign for an unreadable character."""
    try:
        return parse_qsl(
            body.decode(errors="replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:  # too many
        raise BadRequest from error
