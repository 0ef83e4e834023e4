import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request

from concerns.pages.requests import FORM, MOST_FIELDS
from tests.pages.conftest import make_report_app
from tests.police import SAME_ORIGIN, check_headers, check_html, words

LIMIT = 20_000


class Broken(io.BytesIO):
    """A body in which a server finds a chunk that is none."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def readinto(self, _buffer: Any) -> int:
        raise self.error


@pytest.fixture
def app() -> Flask:
    app = make_report_app()
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    app.add_url_rule("/echo", "echo", lambda: request.form.get("text", "nothing"), methods=["POST"])
    return app


def post(app: Flask, body: bytes, content_type: str | None = FORM, **options: Any) -> Any:
    return app.test_client().post("/echo", data=body, content_type=content_type, headers=SAME_ORIGIN, **options)


def chunked(app: Flask, body: io.IOBase) -> Any:
    """A body that comes without its length, from a server that says where it ends."""
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    sent = {"input_stream": body, "content_type": FORM, "headers": SAME_ORIGIN, "environ_overrides": environ}
    return app.test_client().post("/echo", **sent)


def refused(answer: Any, code: int) -> str:
    """The advice on the page of a refusal, which is designed as all are."""
    assert answer.status_code == code
    check_headers(answer, traceless=True)
    tree = check_html(answer.text)
    return words(tree.find(".//main"))


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"text=caf\xc3\xa9", "café"),
        (b"text=caf%C3%A9", "café"),
        (b"text=caf\xe9 def&danger=no", "caf\ufffd def"),
        (b"text=caf%e9+def&danger=no", "caf\ufffd def"),
        (b"text=%ff%fe", "\ufffd\ufffd"),
        (b"text=a%ed%a0%80b", "a\ufffd\ufffd\ufffdb"),
        (b"\xff=1&text=kept", "kept"),
        (b"text=a%00b", "a\0b"),
        (b"text=50%&x", "50%"),
        (b"text=first&text=second", "first"),
        (b"text=", ""),
        (b"", "nothing"),
        (b"&&=&", "nothing"),
    ],
)
def test_every_byte_that_can_be_shown_is_kept(app: Flask, sent: bytes, read: str) -> None:
    answer = post(app, sent)
    assert (answer.status_code, answer.text) == (200, read)


def test_a_charset_changes_nothing(app: Flask) -> None:
    assert post(app, "text=café".encode(), f"{FORM}; charset=utf-7").text == "café"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"text": "words"}'),
        ("application/json", b"[" * 10_000),
        ("application/json", b""),
        ("text/plain", b"text=words"),
        (None, b"text=words"),
        ("application/x-url-encoded", b"text=words"),
        ("nonsense", b"text=words"),
        ("multipart/form-data", b"text=words"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nwords\r\n--x--',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="t"\r\n\r\nwords\r\n--x--',
        ),
    ],
)
def test_what_no_page_of_ours_sends_is_refused_and_never_read_as_empty(
    app: Flask, content_type: str | None, body: bytes
) -> None:
    advice = refused(post(app, body, content_type), 415)
    assert "Go back: your text is still in your browser." in advice


def test_without_body_and_type_the_form_is_empty(app: Flask) -> None:
    assert post(app, b"", None).text == "nothing"


@pytest.mark.parametrize("extra", [0, 1, 100_000])
def test_a_body_is_whole_or_refused(app: Flask, extra: int) -> None:
    body = b"text=" + b"x" * (LIMIT - 5 + extra)
    for answer in (post(app, body), chunked(app, io.BytesIO(body))):
        if extra:
            assert "Go back, shorten what you wrote or choose a smaller photo" in refused(answer, 413)
        else:
            assert answer.text == "x" * (LIMIT - 5)


def test_a_body_in_small_pieces_is_put_together(app: Flask) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size, 7) if size and size > 0 else size)

        def readinto(self, buffer: Any) -> int:
            return super().readinto(memoryview(buffer)[:7])

    assert chunked(app, Slow(b"text=" + b"abc" * 100)).text == "abc" * 100


class InvalidChunkSize(Exception):
    """As a server names it; it is neither an OSError nor a ValueError."""


@pytest.mark.parametrize("error", [InvalidChunkSize("zz"), OSError("no more data"), ValueError("bad")], ids=repr)
def test_a_malformed_or_broken_body_is_refused(app: Flask, error: Exception) -> None:
    assert "Go back: your text is still in your browser." in refused(chunked(app, Broken(error)), 400)


def test_a_body_that_breaks_off_is_refused(app: Flask) -> None:
    answer = app.test_client().post(
        "/echo",
        input_stream=io.BytesIO(b"text=half a sent"),
        content_type=FORM,
        headers=SAME_ORIGIN,
        environ_overrides={"CONTENT_LENGTH": "400"},
    )
    refused(answer, 400)


def test_a_million_fields_are_not_split(app: Flask) -> None:
    assert post(app, b"text=x" + b"&a" * (MOST_FIELDS - 1)).text == "x"
    refused(post(app, b"text=x" + b"&a" * MOST_FIELDS), 400)


def test_a_form_reads_nothing_but_the_form(app: Flask) -> None:
    def files() -> Iterator[str]:
        yield from (request.form.get("text", ""), str(len(request.files)), str(request.is_json))

    app.add_url_rule("/files", "files", lambda: " ".join(files()), methods=["POST"])
    sent = app.test_client().post("/files", data=b"text=words", content_type=FORM, headers=SAME_ORIGIN)
    assert sent.text == "words 0 False"
