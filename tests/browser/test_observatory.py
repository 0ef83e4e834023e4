"""Both doors under the rules of Mozilla's HTTP Observatory, and the report door under the rule that it asks nobody else.

The Observatory's own fetcher and rules run on this machine, over TLS with a certificate made for the test. What it
judges of a public site and cannot judge here is named below, with the reason.
"""

import datetime as dt
import json
import os
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from tests.browser.conftest import Silent
from tests.browser.pages.report import ReportDoor
from tests.browser.ports import free_port
from tests.cast import Instance

FOLDER = Path(__file__).parents[1] / "observatory"
#: the rule, what it must say, and the most points that it can give
FULL_MARKS = {
    "content-security-policy": ("csp-implemented-with-no-unsafe-default-src-none", 10),
    "cross-origin-resource-policy": ("corp-implemented-with-same-origin", 10),
    "cross-origin-resource-sharing": ("cross-origin-resource-sharing-not-implemented", 0),
    "referrer-policy": ("referrer-policy-private", 5),
    "strict-transport-security": ("hsts-implemented-max-age-at-least-six-months", 0),
    "subresource-integrity": ("sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0),
    "x-content-type-options": ("x-content-type-options-nosniff", 0),
    "x-frame-options": ("x-frame-options-implemented-via-csp", 5),
}
NO_COOKIE, STRICT_COOKIE = ("cookies-not-found", 0), ("cookies-secure-with-httponly-sessions-and-samesite", 5)
#: what loopback cannot show
NOT_JUDGED = {
    "redirection": "the web server in front of the doors leads from http to https; here nothing answers http",
    # a part of "strict-transport-security", whose header is judged
    "preload list": "only a public name can be on it, and an organisation decides that for its whole domain",
    # a part of "subresource-integrity": five more points for what protects against other hosts, of which we use none
    "integrity of our own scripts": "whoever could change them could change the page that names their hash",
}
DOORS = {
    "/": NO_COOKIE,
    "/tell": NO_COOKIE,
    "/return": NO_COOKIE,
    "/posters": NO_COOKIE,
    "/cy/tell": NO_COOKIE,
    "/desk/sign-in": STRICT_COOKIE,
}

Open = Callable[..., Page]


@pytest.fixture
def secure_port(rehearsal: Instance, tmp_path: Path) -> Iterator[int]:
    """Both doors on one host of this machine, over TLS."""
    app = rehearsal.report_app
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": rehearsal.desk_app})  # type: ignore[method-assign]
    with over_tls(app, tmp_path) as port:
        yield port


@contextmanager
def over_tls(app: Any, folder: Path) -> Iterator[int]:
    certificate, key = folder / "localhost.pem", folder / "localhost.key"
    _certify(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certify(certificate: Path, key: Path) -> None:
    """A certificate for localhost that signs itself; only the judge is told to trust it."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key.write_bytes(secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))


def judge(port: int, trusted: Path, paths: list[str]) -> dict[str, Any]:
    """What the Observatory says of each path."""
    if not (FOLDER / "node_modules" / ".installed").exists():
        if os.environ.get("CI"):
            pytest.fail("The Observatory is not installed: run the tests with `make test`.")
        pytest.skip("NO OBSERVATORY: the headers were not judged. Run the tests with `make test`.")
    script = [str(FOLDER.parents[1] / "scripts" / "node.sh"), "node", str(FOLDER / "judge.mjs")]
    words = [*script, str(port), str(free_port()), *paths]
    environ = os.environ | {"NODE_EXTRA_CA_CERTS": str(trusted)}
    done = subprocess.run(
        words, env=environ, cwd=FOLDER.parents[1], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_both_doors_get_full_marks(secure_port: int, tmp_path: Path) -> None:
    said = judge(secure_port, tmp_path / "localhost.pem", list(DOORS))
    for path, cookies in DOORS.items():
        assert said[path]["status"] == 200
        assert said[path]["url"] == f"https://localhost:{secure_port}{path}"
        rules = said[path]["rules"]
        # a rule that the Observatory adds is judged too, or named among those that cannot be
        assert set(rules) == {*FULL_MARKS, "cookies"} | (set(NOT_JUDGED) & set(rules))
        for rule, (result, points) in {**FULL_MARKS, "cookies": cookies}.items():
            expected = {"pass": True, "result": result, "modifier": points}
            assert rules[rule] == expected, f"{path}: {rule}"
        assert "redirection" not in FULL_MARKS and rules["redirection"]["result"] == "redirection-not-needed-no-http"


def test_the_judge_sees_what_is_wrong(rehearsal: Instance, tmp_path: Path) -> None:
    """So that a pass says something: a door that breaks the rules is found out by the same road."""
    app = rehearsal.report_app

    def loosened(environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            loose = [(name, value.replace("script-src 'self'", "script-src *")) for name, value in headers]
            kept = [(name, value) for name, value in loose if name != "X-Content-Type-Options"]
            return start_response(status, kept, *rest)

        return app(environ, start)

    with over_tls(loosened, tmp_path) as port:
        rules = judge(port, tmp_path / "localhost.pem", ["/"])["/"]["rules"]
    assert not rules["content-security-policy"]["pass"]
    assert not rules["x-content-type-options"]["pass"]
    assert rules["referrer-policy"]["pass"]


@pytest.mark.browser
@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_no_page_of_the_report_door_asks_anybody_else(
    report_door: str, rehearsal: Instance, open_page: Open, script: bool
) -> None:
    door = ReportDoor(open_page(1280, script), report_door)
    asked: list[str] = []
    door.page.on("request", lambda request: asked.append(request.url))
    app = rehearsal.report_app
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and rule.endpoint != "static"
    ]
    # a page whose address holds something is walked by hand: the sheet of a month, as the answers link it
    assert [rule.rule for rule in rules if rule.arguments] == ["/answers/<month>"]
    paths = [rule.rule for rule in rules if not rule.arguments]
    # a browser asks for an icon of what is no page: those say nothing of ours
    answers = {path: app.test_client().get(path) for path in paths}
    # nor is there a picture where the organisation has none
    pages = [path for path, answer in answers.items() if answer.mimetype == "text/html" and answer.status_code != 404]
    door.go("/answers")
    sheet = door.page.locator("main a[href*='/answers/2']").first.get_attribute("href")
    assert sheet is not None
    pages.append(sheet.removeprefix(report_door))
    assert {"/", "/tell", "/return", "/posters/a4"} <= set(pages)
    for path in [*pages, *(f"/cy{path}" for path in pages)]:
        door.go(path)
        door.page.wait_for_load_state("networkidle")
    assert f"{report_door}/theme.css" in asked
    assert [url for url in asked if not url.startswith(f"{report_door}/")] == []
