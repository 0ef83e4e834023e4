"""Languages by path, since there is no cookie: `/cy/tell` is `/tell` in Welsh."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, has_request_context, redirect, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from concerns.pages.headers import KEPT

TRANSLATIONS = Path(__file__).parent / "translations"
MARK = "concerns.language"
#: addresses that answer a program of a page that is open, in no language
_DEVICE = "/device/"


@dataclass(frozen=True)
class Language:
    """One language of the report door, named in itself."""

    code: str
    name: str
    direction: str = "ltr"


ENGLISH = Language("en", "English")
WELSH = Language("cy", "Cymraeg")
#: the languages that have a complete catalogue; a further one is added here when it does
LANGUAGES = (ENGLISH, WELSH)


class LanguagePrefix:
    """Moves a leading `/cy` from the path to the script's name, so that every address made by `url_for` keeps it."""

    def __init__(self, app: WSGIApplication, languages: Iterable[Language]) -> None:
        self.app = app
        self.codes = {language.code for language in languages} - {ENGLISH.code}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        first, slash, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if first in self.codes:
            environ[MARK] = first
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ["PATH_INFO"] = slash + rest or "/"
        return self.app(environ, start_response)


def current_code() -> str:
    """The language of this request; English outside of one."""
    return request.environ.get(MARK, ENGLISH.code) if has_request_context() else ENGLISH.code


def root_of(code: str) -> str:
    """Where the door starts in English, without this request's language."""
    return request.script_root.removesuffix(f"/{code}") if code != ENGLISH.code else request.script_root


def language_url(language: Language) -> str:
    """This page in another language."""
    prefix = "" if language == ENGLISH else f"/{language.code}"
    return root_of(current_code()) + prefix + request.path


def open_languages(
    app: Flask,
    languages: tuple[Language, ...],
    translations: Path = TRANSLATIONS,
    off: Callable[[], Collection[str]] = frozenset,
) -> None:
    """Let templates and forms speak the language of the path. `off` says which ones the organisation does not offer."""
    by_code = {language.code: language for language in languages}
    Babel(app, default_translation_directories=str(translations), locale_selector=current_code)
    app.wsgi_app = LanguagePrefix(app.wsgi_app, languages)  # type: ignore[method-assign]
    app.jinja_env.globals["language_url"] = language_url

    @app.context_processor
    def languages_of_page() -> dict[str, object]:
        offered = tuple(language for language in languages if language.code not in off())
        return {"languages": offered, "page_language": by_code[current_code()]}

    @app.before_request
    def in_an_offered_language() -> Response | None:
        """A page in a language that is off is the English one; what was written on it meanwhile still arrives."""
        if current_code() == ENGLISH.code or request.method not in ("GET", "HEAD") or request.endpoint in KEPT:
            return None
        if request.path.startswith(_DEVICE) or current_code() not in off():
            return None
        query = request.query_string.decode("ascii", "replace")
        return redirect(language_url(ENGLISH) + (f"?{query}" if query else ""))
