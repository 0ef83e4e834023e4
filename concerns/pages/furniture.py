"""Opens the furniture of one door: templates, headers, errors, languages, colours and protection of its forms."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import jinja2
from flask import Flask, Response, abort, current_app, request, url_for
from flask_wtf import CSRFProtect

from concerns.pages.assets import A_YEAR, open_assets
from concerns.pages.errors import open_errors
from concerns.pages.forms import refuse_foreign_posts
from concerns.pages.headers import open_headers
from concerns.pages.keyed import open_form_cookie
from concerns.pages.languages import ENGLISH, LANGUAGES, TRANSLATIONS, Language, open_languages
from concerns.pages.requests import open_requests
from concerns.pages.theme import DEFAULT_COLOUR, theme_css

Door = Literal["report", "desk"]

#: where "Leave safely" leads: an ordinary page that nobody wonders about
EXIT_URL = "https://www.bbc.co.uk/weather"
#: the longest text is far below it: one that is too long must come back with the number of letters, not be refused
REPORT_BODY_LIMIT = 1024 * 1024
DESK_BODY_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class Brand:
    """How an instance presents itself."""

    name: str
    colour: str = DEFAULT_COLOUR
    rehearsal: bool = False
    #: invented concerns only, and everything is destroyed at launch
    pilot: bool = False
    #: what tells one picture from the next: the start of its hash; empty without one
    logo: str = ""
    #: codes of the languages that the organisation does not offer
    languages_off: frozenset[str] = frozenset()
    #: stands in every title: neutral on purpose, for the sake of shared screens
    service_name: str = "Staff feedback"


@dataclass(frozen=True)
class Furniture:
    """What this room keeps in an application."""

    brand: Callable[[], Brand]
    door: Door
    origins: tuple[str, ...]


def template_folder() -> Path:
    """Inside the package when it is installed, beside it in a working copy."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def open_pages(
    app: Flask,
    *,
    brand: Callable[[], Brand],
    door: Door,
    origins: tuple[str, ...] = (),
    cookie_path: str = "/",
    logo: Callable[[], bytes | None] = lambda: None,
    languages: tuple[Language, ...] = LANGUAGES,
    translations: Path = TRANSLATIONS,
) -> None:
    """Furnish one door. `origins` are its public addresses; `cookie_path` is the desk's; the desk speaks English only."""
    app.extensions["concerns.pages"] = Furniture(brand, door, origins)
    _open_templates(app)
    open_headers(app, traceless=door == "report")
    off = lambda: brand().languages_off  # noqa: E731 - asked in each request
    open_languages(app, languages if door == "report" else (ENGLISH,), translations, off)
    open_assets(app)
    open_errors(app)
    app.add_url_rule("/theme.css", "theme", _theme)
    app.add_url_rule("/logo.png", "logo", _logo_view(logo))
    limit = REPORT_BODY_LIMIT if door == "report" else DESK_BODY_LIMIT
    app.config.update(MAX_CONTENT_LENGTH=limit, MAX_FORM_MEMORY_SIZE=limit)
    if door == "report":
        app.before_request(refuse_foreign_posts)
        open_requests(app)
    else:
        open_form_cookie(app, cookie_path)
        CSRFProtect(app)


def _open_templates(app: Flask) -> None:
    app.jinja_loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(template_folder()),
            jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        exit_url=EXIT_URL, home_url=home_url, door_url=door_url, theme_url=theme_url, logo_url=logo_url
    )

    @app.context_processor
    def furniture_of_page() -> dict[str, object]:
        furniture: Furniture = app.extensions["concerns.pages"]
        return {"brand": furniture.brand(), "door": furniture.door}


def home_url() -> str:
    return door_url("/")


def door_url(path: str) -> str:
    """An address of this door, in the language of this page."""
    return request.script_root + path


def theme_url() -> str:
    return url_for("theme")


def logo_url() -> str:
    """Another picture has another address, so that a browser may keep each for a year."""
    furniture: Furniture = current_app.extensions["concerns.pages"]
    return url_for("logo", v=furniture.brand().logo)


def _logo_view(read: Callable[[], bytes | None]) -> Callable[[], Response]:
    def logo() -> Response:
        picture = read()
        if picture is None:
            abort(404)
        answer = Response(picture, mimetype="image/png")
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer

    return logo


def _theme() -> Response:
    furniture: Furniture = current_app.extensions["concerns.pages"]
    return Response(theme_css(furniture.brand().colour), mimetype="text/css")
