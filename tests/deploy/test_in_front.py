"""What nginx lets through, in both directions: the doors' headers out, and nothing about a visitor in."""

import gzip
import re
import socketserver
import threading
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest

from concerns.pages.headers import HEADERS
from concerns.people.second_factor import code_at
from concerns.store.house import utc_now
from tests.bench.conftest import hidden
from tests.cast import TOTP
from tests.deploy.conftest import Site
from tests.deploy.hosting import HOST, ONION, ORIGIN, Answer, Hosted, host, shipped

#: what a browser, a proxy of the work network, or somebody with bad intentions may send along
TELLING = {
    "User-Agent": "Quokka/1.0",
    "Referer": "https://intranet.example.org/quokka",
    "Accept-Language": "cy-GB,qvokka",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example.org",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "Via": "1.1 proxy.example.org",
    "X-Client-IP": "203.0.113.9",
    "SCRIPT_NAME": "/desk",
    "Script-Name": "/desk",
    "If-None-Match": '"quokka"',
    "Cookie": "analytics=quokka-of-another-site",
}
PASSED = {"host", "connection", "content-type", "content-length", "accept-encoding", "origin", "sec-fetch-site"}


class Echo(socketserver.StreamRequestHandler):
    """Answers with the head of the request."""

    def handle(self) -> None:
        head = b"".join(iter(self.rfile.readline, b"\r\n"))
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + head)


@pytest.fixture(scope="module")
def echoing() -> Iterator[Hosted]:
    """nginx before two doors that say what reaches them."""
    with host() as hosted:
        servers = []
        for door in ("report", "desk"):
            (hosted.folder / door).mkdir()
            path = hosted.folder / door / "web.sock"
            servers.append(socketserver.ThreadingUnixStreamServer(str(path), Echo))
            path.chmod(0o777)
            threading.Thread(target=servers[-1].serve_forever, args=(0.05,), daemon=True).start()
        hosted.start_nginx(shipped(hosted))
        yield hosted
        for server in servers:
            server.shutdown()
            server.server_close()


def arrived(answer: Answer) -> dict[str, str]:
    return {name.lower(): value for name, value in re.findall(r"^([\w-]+): (.*)\r$", answer.text, re.MULTILINE)}


def test_nothing_about_a_visitor_reaches_a_door(echoing: Hosted) -> None:
    telling = {**TELLING, "Host": "evil.example.org"}
    for path in ("/", "/tell", "/cy/device/tell", "/return/photo"):
        head = arrived(echoing.ask("POST", path, b"a=b", {**telling, "Origin": ORIGIN, "Sec-Fetch-Site": "none"}))
        assert set(head) <= PASSED, path
        assert head["host"] == HOST and head["sec-fetch-site"] == "none" and head["origin"] == ORIGIN
    head = arrived(echoing.ask("GET", "/desk/inbox", None, telling))
    assert set(head) - PASSED == {"cookie"} and head["host"] == HOST
    assert arrived(echoing.ask_onion("/desk/inbox")) == {
        "host": ONION,
        "connection": "close",
        "accept-encoding": "identity",
    }


def test_a_cookie_goes_to_the_desk_alone_whatever_the_way_is_called(echoing: Hosted) -> None:
    for path in ("/desk", "/%64esk", "/deskx/", "/DESK/", "/desk/../tell", "/desk/%2e%2e/tell", "//tell"):
        assert "cookie" not in arrived(echoing.ask("GET", path, None, TELLING)), path


def test_plain_http_leads_to_the_encrypted_address(echoing: Hosted) -> None:
    connection = echoing.connect_plain()
    connection.sendall(b"GET /cy/tell HTTP/1.1\r\nHost: evil.example.org\r\nConnection: close\r\n\r\n")
    answered = connection.recv(4096).decode()
    connection.close()
    assert answered.startswith("HTTP/1.1 301") and f"\r\nLocation: {ORIGIN}/cy/tell\r\n" in answered
    assert not echoing.ask("GET", "/desk").headers["location"][0].startswith("http")


def test_s10_the_headers_survive_nginx(site: Site) -> None:
    for path, status in (("/", 200), ("/tell", 200), ("/none", 404), ("/device/keys", 200), ("/desk/sign-in", 200)):
        answer = site.hosted.ask("GET", path)
        assert answer.status == status, path
        expected = {**HEADERS, "Cache-Control": "no-store", "Strict-Transport-Security": "max-age=63072000"}
        for name, value in expected.items():
            assert answer.headers.get(name.lower()) == [value], f"{path}: {name}"
        if not path.startswith("/desk"):
            assert not {"set-cookie", "etag", "last-modified"} & set(answer.headers), path
        assert answer.headers["server"] == ["nginx"], path
    onion = site.hosted.ask_onion("/")
    assert onion.status == 200 and "strict-transport-security" not in onion.headers
    assert onion.headers["content-security-policy"] == [HEADERS["Content-Security-Policy"]]


def test_s11_a_post_from_elsewhere_is_refused_behind_nginx_too(site: Site) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
        {"Origin": "https://evil.example.org"},
    ):
        assert site.hosted.ask("POST", "/tell", b"", {"Content-Length": "0", **headers}).status == 403


def test_built_files_come_compressed_and_are_kept(site: Site) -> None:
    page = site.hosted.ask("GET", "/").text
    (path,) = set(re.findall(r"/static/report-\w+\.css", page))
    plain = site.hosted.ask("GET", path)
    small = site.hosted.ask("GET", path, None, {"Accept-Encoding": "gzip, br"})
    assert small.headers["content-encoding"] == ["gzip"] and gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 3
    assert "immutable" in small.headers["cache-control"][0]


def test_the_desk_signs_in_behind_nginx_and_its_cookies_are_its_own(site: Site) -> None:
    form = site.hosted.ask("GET", "/desk/sign-in")
    kept = SimpleCookie(form.headers["set-cookie"][0])
    fields = {"email": "ada@example.org", "passphrase": "Ada keeps bees on the roof", "code": code_at(TOTP, utc_now())}
    cookie = "; ".join(f"{name}={one.value}" for name, one in kept.items())
    entered = site.hosted.post("/desk/sign-in", {**hidden(form.text), **fields}, {"Cookie": cookie})
    assert entered.status == 302, entered.text
    assert entered.headers["location"][0].startswith("/desk/")
    for line in (*form.headers["set-cookie"], *entered.headers["set-cookie"]):
        assert "; Path=/desk/" in line and "; Secure" in line and "; HttpOnly" in line and "; SameSite=Strict" in line
    given = SimpleCookie(entered.headers["set-cookie"][0])
    cookie = "; ".join(f"{name}={one.value}" for name, one in {**kept, **given}.items())
    assert (
        site.hosted.ask("GET", entered.headers["location"][0], None, {"Cookie": cookie}).status == 302
    )  # to her own page
    assert "Ward 1" in site.hosted.ask("GET", "/desk/set-up", None, {"Cookie": cookie}).text
    assert site.hosted.ask("GET", "/desk/set-up").status == 302
