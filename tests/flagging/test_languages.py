"""Every text of the door goes through the catalogue: read in a language that is long, bracketed and right to left."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from concerns.flagging.queries import door, public
from concerns.pages.languages import TRANSLATIONS, WELSH
from concerns.themes.packs import load_pack
from tests.cast import Instance
from tests.flagging.conftest import Rosa, words_on
from tests.mirror import MIRROR, mirrored, offer, texts
from tests.police import Page, PoliceClient, filled_in

PAGES = ("/", "/tell", "/return", "/answers", "/promise", "/help", "/privacy", "/accessibility")


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


#: a run of text with what stands inside it; everything else only holds such runs
RUNS = {
    "p",
    "h1",
    "h2",
    "h3",
    "li",
    "dt",
    "dd",
    "th",
    "td",
    "caption",
    "label",
    "legend",
    "option",
    "button",
    "strong",
    "a",
}


def untranslated(page: Page, instance: Instance) -> list[str]:
    """What stands inside `main`, is not from the catalogue, and is not marked as English."""
    names = {*door(instance.house).guardians, "Gita وGwen"}  # as Arabic lists them
    found = (" ".join(run.split()) for run in runs(page.tree.find(".//main")))
    return [run for run in found if re.search(r"[a-z]{2}", run) and not re.search("[⟦⟧]", run) and run not in names]


def runs(element: Any) -> Iterator[str]:
    """The texts of `main`, each as long as its paragraph, without what is marked as English or was typed."""
    if _is_own(element):
        return
    if element.tag in RUNS:
        yield "".join(_said(element))
    else:
        yield element.text or ""
    for child in element:
        if element.tag not in RUNS or child.tag in {"li", "p", "option"}:
            yield from runs(child)
            yield child.tail or ""


def _said(element: Any) -> Iterator[str]:
    if not _is_own(element):
        yield element.text or ""
        for child in element:
            yield from _said(child)
            yield child.tail or ""


def _is_own(element: Any) -> bool:
    typed = element.tag in {"textarea", "script"} or element.get("translate") == "no"
    return not isinstance(element.tag, str) or typed or element.get("lang") == "en"


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
    mirror.wait()
    receipt = mirror.client.submit(check, button=mirrored("Send"), status=200)
    (listed,) = receipt.with_class("concerns-receipt__words")
    assert listed.get("lang") == "en"
    typed = {"receipt": " ".join(item.text or "" for item in listed)}
    asked = mirror.client.get("/return")
    thread = mirror.client.submit(asked, typed, button=mirrored("Open"), status=200)
    nothing = mirror.client.submit(asked, {"receipt": "no"}, button=mirrored("Open"), status=200)
    added = mirror.client.submit(thread, {"text": "y"}, button=mirrored("Send"), status=200)
    for page in (wrong, check, receipt, thread, nothing, added):
        assert page.tree.get("dir") == "rtl"
        assert untranslated(page, mirror.instance) == []


def test_what_stays_english_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, instance: Instance) -> None:
    welsh(monkeypatch, tmp_path)
    rosa = Rosa(Welsh(instance.report_app.test_client(), traceless=True), instance)
    form = rosa.client.get("/tell")
    (group, *_more) = form.tree.iter("optgroup")
    assert (group.get("label"), group.get("lang"), group[0].get("lang")) == ("Medicine", "en", "cy")
    assert {"Emergency services, if someone is in danger now", "Day and night"} <= marked(form)
    help_, home, answers_ = (rosa.client.get(path) for path in ("/help", "/", "/answers"))
    assert {*load_pack("nhs").routes, "Samaritans, to talk to somebody"} <= marked(help_)
    assert "Freedom to Speak Up Guardians" in marked(home) & marked(rosa.client.get("/promise"))
    for entry in public(instance.house).entries:
        assert {" ".join(text.split()) for text in (entry.theme_name, entry.known, entry.doing)} <= marked(answers_)
    check = rosa.client.post("/cy/tell", {"text": "x", "area": "ward-1", "step": "check"})
    rosa.wait()
    receipt = rosa.client.post("/cy/tell", filled_in(check.form()))
    thread = rosa.client.post("/cy/return", {"receipt": words_on(receipt), "step": "open"})
    assert "Ward 1" in marked(check) & marked(thread)
    english = PoliceClient(rosa.client.client, traceless=True)
    assert marked(english.get("/help")) == set()


def marked(page: Page) -> set[str]:
    """What says that it is English, whole elements and each text in them."""
    inside = [element for element in page.tree.find(".//main").iter() if element.get("lang") == "en"]
    texts = {" ".join(text.split()) for element in inside for text in element.itertext()}
    return texts | {" ".join("".join(element.itertext()).split()) for element in inside}


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


def welsh(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Compile the Welsh catalogue as it stands in the sources, and offer it."""
    target = folder / "cy" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with (TRANSLATIONS / "cy/LC_MESSAGES/messages.po").open("rb") as source, target.open("wb") as file:
        write_mo(file, read_po(source, locale="cy"))
    offer(monkeypatch, WELSH, folder)


def test_the_door_speaks_welsh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, instance: Instance) -> None:
    welsh(monkeypatch, tmp_path)
    client = Welsh(instance.report_app.test_client(), traceless=True)
    for path in PAGES:
        assert client.get(path).tree.get("lang") == "cy"
    home = client.get("/")
    assert home.h1 == "Dywedwch wrthym beth sy’n eich poeni yn y gwaith"
    assert "Mae Gita a Gwen yn darllen ar ddyddiau Llun a ddyddiau Iau. Nesaf: Dydd Llun 23 Tachwedd." in home.text
    assert home.links()["Codi pryder"] == "/cy/tell"
    assert home.links()["English"] == "/"
