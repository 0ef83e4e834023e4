"""Every text of the door goes through the catalogue: read in a language that is long, bracketed and right to left."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from concerns.flagging.queries import answers, door
from concerns.pages import furniture
from concerns.pages.languages import ENGLISH, TRANSLATIONS, WELSH, Language
from concerns.themes.packs import load_pack
from tests.cast import Instance
from tests.flagging.conftest import Rosa
from tests.police import Page, PoliceClient, visible

MIRROR = Language("ar", "Mirror", "rtl")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PAGES = ("/", "/tell", "/return", "/answers", "/promise", "/help", "/privacy", "/accessibility")


def mirrored(text: str) -> str:
    return f"⟦{text} – {text}⟧"


def texts() -> set[str | tuple[str, ...]]:
    """Every text to translate, as it stands in the sources now."""
    root = Path(__file__).parents[2]
    found = [
        *extract_from_dir(root / "templates", [("**.html", "jinja2")], keywords=KEYWORDS),
        *extract_from_dir(root / "concerns", [("**.py", "python")], keywords=KEYWORDS),
    ]
    return {text for _file, _line, text, _comments, _context in found}


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of translations made from the sources as they are."""
    folder = tmp_path_factory.mktemp("translations")
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


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch, catalogue: Path, instance: Instance) -> Rosa:
    offer(monkeypatch, MIRROR, catalogue)
    return Rosa(Mirrored(instance.report_app.test_client(), traceless=True), instance)


class Welsh(PoliceClient):
    """Asks for every page in Welsh."""

    def get(self, path: str, *args: object, **named: object) -> Page:
        return super().get(f"/cy{path.removeprefix('/cy')}", *args, **named)  # type: ignore[arg-type]


class Mirrored(PoliceClient):
    """Asks for every page in the mirror language."""

    def get(self, path: str, *args: object, **named: object) -> Page:
        return super().get(f"/ar{path.removeprefix('/ar')}", *args, **named)  # type: ignore[arg-type]

    def post(self, path: str, *args: object, **named: object) -> Page:
        return super().post(f"/ar{path.removeprefix('/ar')}", *args, **named)  # type: ignore[arg-type]


def untranslated(page: Page, instance: Instance) -> list[str]:
    """What stands inside `main` and is neither from the catalogue nor the organisation's own."""
    facts = door(instance.house)
    own = {text for post in facts.signposts for text in (post.name, post.number, post.hours)}
    own |= {*load_pack(facts.organisation.sector).routes, *facts.guardians, *(area.name for area in facts.areas)}
    for entry in answers(instance.house):
        own |= {entry.theme_name, entry.known, entry.doing, entry.doing[:100]}
    found = (" ".join(text.split()) for text in visible(page.tree.find(".//main")))
    return [
        text for text in found if re.search(r"[a-z]{2}", text) and not re.search("[⟦⟧]", text) and not _is(text, own)
    ]


def _is(text: str, own: set[str]) -> bool:
    names = "Gita وGwen"  # as Arabic lists them
    return (
        text in {*own, names} or any(text[:100] == other[:100] for other in own) or bool(re.fullmatch(r"[\d %]+", text))
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_quiet_page_is_translated_whole(mirror: Rosa, path: str) -> None:
    page = mirror.client.get(path)
    assert page.tree.get("dir") == "rtl"
    assert untranslated(page, mirror.instance) == []
    assert all(href.startswith(("/ar/", "tel:", "https:", "#")) for href in _ways(page))


def test_rosas_way_is_translated_whole(mirror: Rosa) -> None:
    wrong = mirror.client.submit(mirror.client.get("/tell"), button=mirrored("Continue"), status=200)
    assert wrong.errors == [mirrored("Write what happened, or what worries you")]
    form = {"text": "x", "area": "ward-1", "worry": "very", "danger": "yes"}
    check = mirror.client.submit(wrong, form, button=mirrored("Continue"), status=200)
    receipt = mirror.client.submit(check, button=mirrored("Send"), status=200)
    (listed,) = receipt.with_class("concerns-receipt__words")
    typed = {"receipt": " ".join(item.text or "" for item in listed)}
    asked = mirror.client.get("/return")
    thread = mirror.client.submit(asked, typed, button=mirrored("Open"), status=200)
    nothing = mirror.client.submit(asked, {"receipt": "no"}, button=mirrored("Open"), status=200)
    added = mirror.client.submit(thread, {"text": "y"}, button=mirrored("Send"), status=200)
    for page in (wrong, check, receipt, thread, nothing, added):
        assert page.tree.get("dir") == "rtl"
        assert untranslated(page, mirror.instance) == []


def _ways(page: Page) -> list[str]:
    """Where the page's own links lead; those to other languages apart."""
    return [href for text, href in page.links().items() if text != "English"]


@pytest.mark.parametrize("file", sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")), ids=lambda file: file.parts[-3])
def test_a_catalogue_is_complete(file: Path) -> None:
    with file.open("rb") as opened:
        stored = read_po(opened, locale=file.parts[-3])
    translated = {message.id for message in stored if message.id and message.string and all(message.string)}
    assert texts() - translated == set()
    assert [(message.id, fault) for message in stored for fault in message.check(stored)] == []


def test_the_door_speaks_welsh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, instance: Instance) -> None:
    target = tmp_path / "cy" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with (TRANSLATIONS / "cy/LC_MESSAGES/messages.po").open("rb") as source, target.open("wb") as file:
        write_mo(file, read_po(source, locale="cy"))
    offer(monkeypatch, WELSH, tmp_path)
    client = Welsh(instance.report_app.test_client(), traceless=True)
    for path in PAGES:
        assert client.get(path).tree.get("lang") == "cy"
    home = client.get("/")
    assert home.h1 == "Dywedwch wrthym beth sy’n eich poeni yn y gwaith"
    assert "Mae Gita a Gwen yn darllen ar ddyddiau Llun a ddyddiau Iau. Nesaf: Dydd Llun 23 Tachwedd." in home.text
    assert home.links()["Codi pryder"] == "/cy/tell"
    assert home.links()["English"] == "/"
