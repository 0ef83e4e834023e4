"""A sheet of slips to print and cut up, one staff code on each: a file of its own, never served."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import jinja2
from babel.support import Translations

from concerns.areas.queries import organisation
from concerns.flagging.codes import make_codes, shown
from concerns.pages.furniture import template_folder
from concerns.pages.languages import TRANSLATIONS
from concerns.store.house import House

#: on one side of A4, two beside each other
ON_A_PAGE = 10


class FileThere(Exception):
    """A sheet may hold codes that are still good: it is never written over."""


def write_slips(house: House, count: int, file: Path, language: str) -> None:
    """Make so many codes and write them to a new file that its owner alone can read. Raises FileThere."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileThere(f"{file} is there already: name another file, or destroy it if its codes are cut.") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as sheet:
            sheet.write(slips(house, make_codes(house.stores, count), language))
    except BaseException:
        file.unlink()  # half a sheet would be taken for a whole one
        raise


def slips(house: House, codes: Sequence[str], language: str) -> str:
    """The sheet: a page for whoever cuts, then the slips."""
    with house.stores.read_main() as main:
        known = organisation(main)
    printed = [shown(code) for code in codes]
    return _template(language).render(
        language=language,
        organisation=known.name,
        # codes of a pilot are destroyed at launch
        rehearsal=known.rehearsal or known.stage == "pilot",
        address=short(house.report_origins[0]),
        sheets=[printed[start : start + ON_A_PAGE] for start in range(0, len(printed), ON_A_PAGE)],
        count=len(printed),
    )


def short(origin: str) -> str:
    """An address as people type it. Browsers add “https://” themselves, so “http://” is said."""
    return origin.removeprefix("https://")


def _template(language: str) -> jinja2.Template:
    """The template outside any request: no door, no headers, and the language is the maker's choice."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    translations = Translations.load(TRANSLATIONS, [language])
    install = partial(environment.install_gettext_translations, newstyle=True)  # type: ignore[attr-defined]
    install(translations)
    return environment.get_template("flagging/posters/slips.html")
