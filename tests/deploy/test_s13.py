"""S13: behind the shipped server files, whatever is sent leaves no address, path, time or word in any log or file."""

import http.client
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from concerns.pages.headers import HEADERS
from tests.deploy.conftest import Site
from tests.deploy.hosting import VISITOR, Hosted, host, rendered

WORDS = "Quokkas juggle zinc bathtubs behind the xylophone cupboard. "
MARKER = "qvokka"
HEAD = (
    f"POST /tell?{MARKER} HTTP/1.1\r\nHost: concerns.example.org\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
)
#: what no browser sends: each is answered, or hung up on
MALFORMED = {
    "no HTTP": b"\x16\x03\x01 qvokka\r\n\r\n",
    "a version that is none": b"GET /qvokka HTTP/9.9\r\n\r\n",
    "the oldest version": b"GET /qvokka\r\n",
    "a method that is none": b"QVOKKA /qvokka HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a method in small letters": b"get /qvokka HTTP/1.1\r\nHost: a\r\n\r\n",
    "TRACE": b"TRACE /qvokka HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "CONNECT": b"CONNECT qvokka:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "OPTIONS for all": b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "DELETE": b"DELETE /qvokka HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a long address": b"GET /qvokka" + b"a" * 1950 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a very long address": b"GET /qvokka" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a very long header": b"GET /qvokka HTTP/1.1\r\nHost: a\r\nX: " + b"qvokka" * 9000 + b"\r\n\r\n",
    "no host": b"GET /qvokka HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /qvokka HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a zero byte": b"GET /qvokka\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a way out of the folder": b"GET /../../qvokka HTTP/1.1\r\nHost: a\r\n\r\n",
    "an encoded zero": b"GET /qvokka%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "half a percent sign": b"GET /qvokka%z HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header without a colon": b"GET /qvokka HTTP/1.1\r\nHost: a\r\nqvokka\r\nConnection: close\r\n\r\n",
    "a negative length": HEAD.encode() + b"Content-Length: -5\r\n\r\nqvokka",
    "two lengths": HEAD.encode() + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nqvokka",
    "a length and pieces": HEAD.encode()
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nq\r\n0\r\n\r\n",
    "pieces of one byte": HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nq\r\n" * 20_000 + b"0\r\n\r\n",
}
TOO_LARGE = HEAD.encode() + b"Content-Length: 50000000\r\n\r\n" + b"qvokka" * 50_000
STOCK = """
user www-data;
pid /run/nginx.pid;
error_log /run/nginx.pid.errors;
events {}
http {
    access_log /run/nginx.pid.accesses;
    client_body_temp_path /dev/shm/nginx-body;
    proxy_temp_path /dev/shm/nginx-proxy;
    fastcgi_temp_path /dev/shm/nginx-fastcgi;
    uwsgi_temp_path /dev/shm/nginx-uwsgi;
    scgi_temp_path /dev/shm/nginx-scgi;
    client_max_body_size 9m;
    server { listen 80 ; }
    server {
        listen 443 ssl;
        ssl_certificate /etc/letsencrypt/live/concerns.example.org/fullchain.pem;
        ssl_certificate_key /etc/letsencrypt/live/concerns.example.org/privkey.pem;
        location / { proxy_pass http://unix:/run/concerns-report/web.sock; }
    }
}
"""


@pytest.fixture(scope="module")
def stock() -> Iterator[Hosted]:
    """nginx as a tutorial has it, with nothing behind it."""
    with host() as hosted:
        hosted.start_nginx(rendered(STOCK, hosted.table))
        yield hosted


def traces(hosted: Hosted) -> dict[str, list[str]]:
    """For each file that a server may have written, what it says about a visitor or about the body of a request."""
    tells = re.compile(rf"{re.escape(VISITOR)}|{MARKER}|Quokkas|/tell|/device|\d\d:\d\d:\d\d", re.IGNORECASE)
    own = {"nginx.conf", "concerns-sorry.conf", "fullchain.pem", "privkey.pem"}
    files = [path for path in hosted.folder.rglob("*") if path.is_file() and path.name not in own]
    found = {path.name: tells.findall(path.read_text(errors="replace")) for path in files}
    return {name: told for name, told in found.items() if told}


def contents(*folders: Path) -> Iterator[bytes]:
    """All that is in the files of these folders; what somebody else's program takes away meanwhile is not ours."""
    for path in (path for folder in folders for path in folder.rglob("*")):
        with suppress(OSError):
            if path.is_file():
                yield path.read_bytes()


def touched(*folders: Path) -> dict[Path, int]:
    """When anything was last made or removed in these folders: a file that is removed at once shows too."""
    inner = [*folders, *(path for folder in folders for path in folder.rglob("*") if path.is_dir())]
    return {path: path.stat().st_mtime_ns for path in inner}


def long_body() -> bytes:
    """As large as anything that the report door takes without script, but for a photo."""
    body = b"text=" + (WORDS * 15_000).replace(" ", "+").encode()
    return HEAD.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def test_the_search_finds_what_a_stock_server_writes(stock: Hosted) -> None:
    before = touched(stock.spilt)
    for sent in (*MALFORMED.values(), long_body()):
        stock.send(sent)
    stock.send(TOO_LARGE, half_close=True)
    found = traces(stock)
    told = {name.rpartition(".")[2]: {one.casefold() for one in ones} for name, ones in found.items()}
    assert {VISITOR, MARKER, "/tell"} <= told["accesses"]
    assert {VISITOR, MARKER} <= told["errors"]
    assert any(re.fullmatch(r"\d\d:\d\d:\d\d", one) for one in told["accesses"])
    assert touched(stock.spilt) != before


def test_s13_nothing_malformed_large_or_slow_leaves_a_trace(site: Site) -> None:
    hosted = site.hosted
    folders = (hosted.spilt, hosted.temporary)
    before = touched(*folders)
    sizes = {path: path.stat().st_size for path in hosted.folder.glob("*.said")}

    for name, sent in MALFORMED.items():
        answered = hosted.send(sent)
        assert not answered or answered.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5", b"<!DOCTYPE")), name
        if answered.startswith(b"HTTP/1.1"):
            check_headers(answered, name)

    for plain in (MALFORMED["a very long header"], b"GET /qvokka HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"):
        with hosted.connect_plain() as connection:
            connection.sendall(plain)
            assert connection.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.1 301"))
    assert hosted.send(TOO_LARGE, half_close=True).startswith(b"HTTP/1.1 413")
    assert hosted.send(long_body()).startswith(b"HTTP/1.1 200")
    half = HEAD.encode() + b"Content-Length: 4000\r\n\r\ntext=Quokkas"
    hosted.send(half, half_close=True)
    drops = [HEAD.encode() + b"Content-Length: 12\r\n\r\n", *(bytes([one]) for one in b"text=Quokkas")]
    assert hosted.send(*drops, pause=0.05).startswith(b"HTTP/1.1 200")
    hosted.ask("POST", f"/return/photo?{MARKER}", b"qvokka" * 1_300_000, {"Sec-Fetch-Site": "same-origin"})
    hosted.ask("POST", f"/device/tell?{MARKER}", b"qvokka" * 400_000, {"Sec-Fetch-Site": "same-origin"})
    receipt = site.tell(WORDS)
    assert receipt.status == 200 and "concerns-receipt__words" in receipt.text
    assert hosted.ask_onion(f"/{MARKER}").status == 404

    assert traces(hosted) == {}
    assert hosted.said() == ""
    assert {path: path.stat().st_size for path in hosted.folder.glob("*.said")} == sizes
    assert touched(*folders) == before
    kept = b"".join(contents(site.instance.directory, Path("/dev/shm")))
    assert b"Quokkas" not in kept and MARKER.encode() not in kept and VISITOR.encode() not in kept


def check_headers(answered: bytes, name: str) -> None:
    """Whoever answers, nginx, gunicorn or the door: the headers of S10."""
    head, _, _body = answered.partition(b"\r\n\r\n")
    headers = http.client.parse_headers(io.BytesIO(head.partition(b"\r\n")[2] + b"\r\n\r\n"))
    for header, value in HEADERS.items():
        assert headers.get_all(header) == [value], f"{name}: {header}"
    assert headers.get_all("Cache-Control") == ["no-store"], name
    assert headers.get_all("Strict-Transport-Security") == ["max-age=63072000"], name
    assert "Set-Cookie" not in headers and "ETag" not in headers and "Last-Modified" not in headers, name
