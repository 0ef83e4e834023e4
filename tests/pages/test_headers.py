import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from concerns.pages.headers import HEADERS, is_onion
from tests.police import PoliceClient

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ANSWERS = [
    ("GET", "/example", 200),
    ("HEAD", "/example", 200),
    ("OPTIONS", "/example", 200),
    ("GET", "/theme.css", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/static/nothing.css", 404),
    ("POST", "/plain", 405),
    ("GET", "/stop/400", 400),
    ("GET", "/stop/503", 503),
    ("GET", "/fail", 500),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_s10_every_answer_of_the_report_door_has_the_headers(
    report_app: Flask, method: str, path: str, status: int
) -> None:
    answer = report_app.test_client().open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    traces = {"Set-Cookie", "ETag", "Last-Modified", "Vary"} & {name for name, _value in answer.headers}
    assert not traces


def test_s10_the_report_door_leaves_no_trace_even_when_a_library_would(report_app: Flask) -> None:
    @report_app.after_request
    def careless(answer: Response) -> Response:
        answer.set_cookie("visit", "1")
        answer.headers["ETag"] = '"1"'
        answer.vary.update(["Cookie", "Accept-Encoding"])
        return answer

    answer = report_app.test_client().get("/example")
    assert "Set-Cookie" not in answer.headers
    assert "ETag" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_s10_the_report_door_has_no_secret(report_app: Flask) -> None:
    assert report_app.secret_key is None


@pytest.mark.parametrize("path", ["/example", "/nowhere"])
def test_the_desk_has_them_too(desk: PoliceClient, path: str) -> None:
    page = desk.get(path, 200 if path == "/example" else 404)
    assert page.response.headers["Strict-Transport-Security"].startswith("max-age=")


def test_an_onion_address_has_no_certificate_to_insist_on(report_app: Flask) -> None:
    client: FlaskClient = report_app.test_client()
    assert "Strict-Transport-Security" not in client.get("/example", base_url="http://abc.onion:80").headers
    assert is_onion("ABC.onion")
    assert not is_onion("onion.example.org")
