import gc
import logging
import sys

import pytest
from flask import Flask

from concerns.pages.errors import MESSAGES
from tests.pages.conftest import make_report_app
from tests.police import SAME_ORIGIN, PoliceClient


@pytest.mark.parametrize("door", ["report", "desk"])
@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 418, 500, 503])
def test_every_error_is_a_page(request: pytest.FixtureRequest, door: str, code: int) -> None:
    page: PoliceClient = request.getfixturevalue(door)
    answer = page.get(f"/stop/{code}", code)
    assert answer.h1
    assert answer.text.endswith("Go to the first page")


def test_our_own_words_stand_for_the_usual_ones(report: PoliceClient) -> None:
    for code, (heading, advice) in MESSAGES.items():
        page = report.get(f"/stop/{code}", code)
        assert page.h1 == str(heading)
        assert str(advice) in page.text


def test_a_wrong_method_is_told_the_right_ones(report: PoliceClient) -> None:
    assert report.post("/plain", status=405).response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_nothing_that_was_typed_or_asked_for_is_written_down(
    report: PoliceClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = report.post(
            "/fail?where=ward7", {"story": "the roof leaks"}, 500, {**SAME_ORIGIN, "X-Forwarded-For": "10.9.8.7"}
        )
    written = capfd.readouterr()
    everything = written.out + written.err + caplog.text
    assert "ERROR RuntimeError at" in written.err
    assert "conftest.fail:" in written.err
    for part in ("roof", "secret", "ward7", "/fail", "10.9.8.7", "127.0.0.1", "POST"):
        assert part not in everything
    assert "roof" not in page.html


def test_a_record_without_an_error_shows_no_message(report_app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    report_app.logger.warning("the roof leaks")
    written = capfd.readouterr().err
    assert written.startswith("WARNING at test_errors:")
    assert "roof" not in written


def test_the_page_of_last_resort_needs_neither_store_nor_templates(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise OSError("no store")

    answer = make_report_app(brand=broken).test_client().get("/example")
    assert answer.status_code == 500
    assert "<h1>Sorry, this service is not working just now</h1>" in answer.text
    assert "no store" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "OSError" in capfd.readouterr().err


def test_what_the_failed_request_held_is_let_go(report_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    collected = []
    monkeypatch.setattr(gc, "collect", lambda: collected.append(sys.exc_info()[1]))
    answer = report_app.test_client().get("/fail")
    answer.close()
    assert collected == [None]


def test_the_desk_does_not_claim_that_nothing_was_stored(desk: PoliceClient, report: PoliceClient) -> None:
    assert "it may not have been stored. Look before you send it again." in desk.get("/fail", 500).text
    assert "Nothing was stored." in report.get("/fail", 500).text
