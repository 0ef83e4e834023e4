"""A language that nobody speaks: every text twice as long, in marks, from right to left. What lacks the marks is not translated."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

from concerns.pages import furniture
from concerns.pages.languages import ENGLISH, Language

MIRROR = Language("ar", "Mirror", "rtl")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def mirrored(text: str) -> str:
    return f"⟦{text} – {text}⟧"


def texts() -> set[str | tuple[str, ...]]:
    """Every text to translate, as it stands in the sources now."""
    root = Path(__file__).parents[1]
    found = [
        *extract_from_dir(root / "templates", [("**.html", "jinja2")], keywords=KEYWORDS),
        *extract_from_dir(root / "concerns", [("**.py", "python")], keywords=KEYWORDS),
    ]
    return {text for _file, _line, text, _comments, _context in found}


def write_catalogue(folder: Path) -> Path:
    """A folder of translations made from the sources as they are."""
    made = Catalog(locale="ar")
    for found in texts():
        if isinstance(found, tuple):
            made.add(found, tuple(mirrored(found[1]) for _form in range(made.num_plurals)))
        else:
            made.add(found, mirrored(found))
    target = folder / "ar" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, made)
    return folder


def offer(monkeypatch: pytest.MonkeyPatch, language: Language, translations: Path) -> None:
    """Let the door speak one more language."""
    usual = furniture.open_pages.__kwdefaults__
    assert usual is not None
    monkeypatch.setitem(usual, "languages", (ENGLISH, language))
    monkeypatch.setitem(usual, "translations", translations)
