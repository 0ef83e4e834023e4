from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from flask import Flask

from concerns.pages.languages import ENGLISH, Language
from tests.pages.conftest import make_report_app
from tests.police import PoliceClient, words

ROOT = Path(__file__).parents[2]
MIRROR = Language("ar", "Mirror", "rtl")


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up language: every text of the templates longer than in English, from right to left."""
    folder = tmp_path_factory.mktemp("translations")
    catalog = Catalog(locale="ar")
    found = [
        *extract_from_dir(ROOT / "templates", [("**.html", "jinja2")]),
        *extract_from_dir(ROOT / "concerns", [("**.py", "python")], keywords={"_": None, "lazy_gettext": None}),
    ]
    for _file, _line, message, _comments, _context in found:
        text = message if isinstance(message, str) else message[0]
        catalog.add(text, f"‹{text} {text}›", flags=["python-format"] if "%(" in text else [])
    target = folder / "ar" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalog)
    return folder


@pytest.fixture
def app(mirror: Path) -> Flask:
    return make_report_app(languages=(ENGLISH, MIRROR), translations=mirror)


@pytest.fixture
def client(app: Flask) -> PoliceClient:
    return PoliceClient(app.test_client(), traceless=True)


def test_a_page_speaks_the_language_of_its_path(client: PoliceClient) -> None:
    assert client.get("/plain").h1 == "Skip to main content"
    page = client.get("/ar/plain")
    assert page.h1 == "‹Skip to main content Skip to main content›"
    assert (page.tree.get("lang"), page.tree.get("dir")) == ("ar", "rtl")


def test_every_link_keeps_the_language_but_the_switch(client: PoliceClient) -> None:
    page = client.get("/ar/example")
    links = {text: href for text, href in page.links().items() if href.startswith("/")}
    assert links.pop("English") == "/example"
    assert links
    assert [href for href in links.values() if not href.startswith("/ar/")] == []


def test_the_switch_leads_to_the_same_page(client: PoliceClient) -> None:
    assert client.get("/plain").links()["Mirror"] == "/ar/plain"
    assert client.get("/ar/plain").links()["English"] == "/plain"


def test_a_form_posts_to_its_own_language(client: PoliceClient) -> None:
    page = client.submit(client.get("/ar/example"), {"story": "x"}, button="Send", status=200)
    assert words(page.tree.find(".//title")).startswith("‹Error Error›: ")
    assert page.tree.get("lang") == "ar"


@pytest.mark.parametrize("path", ["/ar/nowhere", "/ar"])
def test_errors_speak_it_too(client: PoliceClient, path: str) -> None:
    page = client.get(path, 404)
    assert page.tree.get("lang") == "ar"
    assert page.h1 == "‹Page not found Page not found›"


@pytest.mark.parametrize("path", ["/en/plain", "/fr/plain", "/arx/plain", "/ar/ar/plain"])
def test_any_other_first_part_is_an_ordinary_path(client: PoliceClient, path: str) -> None:
    client.get(path, 404)


def test_the_desk_speaks_one_language_and_needs_no_switch(report: PoliceClient, desk: PoliceClient) -> None:
    assert report.get("/plain").links()["Cymraeg"] == "/cy/plain"
    assert desk.get("/plain").with_class("concerns-languages") == []
