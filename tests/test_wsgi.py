"""What a server runs: each door alone, or both with the desk under its path."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import Client

import config
import wsgi
from concerns import create_desk_app, create_report_app
from concerns.cli import main
from tests.cast import Instance


@pytest.fixture
def serve(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("CONCERNS_DIRECTORY", str(instance.directory))
    if instance.stores.main.dialect.name == "postgresql":
        monkeypatch.setenv("DATABASE_URL", instance.settings.main_url)
        monkeypatch.setenv("LIVE_URL", instance.settings.live_url)
    opened: list[Flask] = []

    def kept(make: Callable[[config.Settings], Flask]) -> Callable[[config.Settings], Flask]:
        def made(settings: config.Settings) -> Flask:
            opened.append(make(settings))
            return opened[-1]

        return made

    monkeypatch.setattr(wsgi, "create_report_app", kept(create_report_app))
    monkeypatch.setattr(wsgi, "create_desk_app", kept(create_desk_app))
    wsgi._make.cache_clear()
    yield monkeypatch
    wsgi._make.cache_clear()
    for app in opened:
        app.extensions["concerns"].stores.close()


def test_both_doors_share_a_host_and_nothing_else(serve: pytest.MonkeyPatch) -> None:
    client = Client(wsgi.app)
    report, desk = client.get("/"), client.get("/desk/sign-in", base_url="https://localhost/")
    assert (report.status_code, desk.status_code) == (200, 200)
    assert "Set-Cookie" not in report.headers
    assert all("Path=/desk/" in cookie for cookie in desk.headers.getlist("Set-Cookie"))


def test_each_door_alone(serve: pytest.MonkeyPatch) -> None:
    assert Client(wsgi.report).get("/desk/sign-in").status_code == 404
    alone = Client(wsgi.desk)
    assert alone.get("/").headers["Location"] == "/desk/"
    assert alone.get("/desk/sign-in").status_code == 200
    assert alone.get("/tell").status_code == 303


def test_a_desk_on_a_host_of_its_own_has_no_path(serve: pytest.MonkeyPatch) -> None:
    serve.setenv("CONCERNS_DESK_PATH", "/")
    assert Client(wsgi.desk).get("/sign-in").status_code == 200
    with pytest.raises(config.SettingsRefused, match="host of its own"):
        _ = wsgi.app


def test_without_the_secret_of_the_organisations_accounts_only_the_desk_refuses(
    instance: Instance, serve: pytest.MonkeyPatch
) -> None:
    with (instance.directory / "settings.toml").open("a") as file:
        file.write("\n[oidc]\nissuer = 'https://login.example.org/realm'\nclient_id = 'desk'\n")
    assert Client(wsgi.report).get("/").status_code == 200
    wsgi.rounds()._house.stores.close()
    said = CliRunner().invoke(main, ["verify", "--directory", str(instance.directory)])
    assert "schema:" in said.output and "oidc" not in said.output
    for name in ("desk", "app"):
        with pytest.raises(config.SettingsRefused, match=r"^\[oidc\] needs a secret: set CONCERNS_OIDC_SECRET[^\n]*$"):
            getattr(wsgi, name)
    serve.setenv("CONCERNS_OIDC_SECRET", "bees on the roof")
    assert "your organisation’s account" in Client(wsgi.desk).get("/desk/sign-in").text
    wsgi._make.cache_clear()
    assert create_report_app(config.load(instance.directory)).extensions["concerns"].outside is None


def test_nothing_else_is_served() -> None:
    with pytest.raises(AttributeError):
        _ = wsgi.admin


def test_no_cookie_of_the_desk_accompanies_a_report(serve: pytest.MonkeyPatch) -> None:
    """One browser opens the desk's sign-in page, then tells a concern: the report door must not see who that was."""
    seen: list[str] = []

    def watched(environ: dict[str, str], start_response: object) -> object:
        if not environ["PATH_INFO"].startswith("/desk"):
            seen.append(environ.get("HTTP_COOKIE", ""))
        return wsgi.app(environ, start_response)  # type: ignore[arg-type]

    client = Client(watched)  # type: ignore[arg-type]
    client.get("/desk/sign-in", base_url="https://localhost/")
    assert client.get_cookie("__Secure-concerns-form", path="/desk/") is not None
    client.get("/tell", base_url="https://localhost/")
    assert seen == [""]
