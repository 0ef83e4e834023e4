"""The languages in which a letter can be written: those of the report door, whose catalogues hold the letters too."""

from collections.abc import Callable

from flask_babel import force_locale, gettext

from concerns.pages.languages import ENGLISH, LANGUAGES, Language


def language_of(code: str) -> Language:
    """The language that a reporter wrote in, as far as the door speaks it; English otherwise."""
    return next((one for one in LANGUAGES if one.code == code), ENGLISH)


def saying_in(language: Language) -> Callable[..., str]:
    """What turns a text of the catalogue, with its facts, into this language, on a desk that speaks English."""

    def say(text: str, **facts: object) -> str:
        with force_locale(language.code):
            said: str = gettext(text, **facts)
        return said

    return say
