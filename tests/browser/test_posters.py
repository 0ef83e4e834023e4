"""The sheets as Chromium shows and prints them: sound on screen, and on as many pages of A4 as they say."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from concerns.areas.model import Organisation
from concerns.learning.model import Answer
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance

pytestmark = pytest.mark.browser

#: the sheets, and how many pages each may take
SHEETS = {"/posters/a4": 1, "/posters/card": 1, "/posters/paper": 2}
A4 = (594.96, 841.92)
LONG_NAME = (
    "Bwrdd Iechyd Prifysgol Gogledd a Chanolbarth y Sir ac Ymddiriedolaeth Gwasanaethau Iechyd Cymunedol ac Ysbytai "
    "Athrofaol Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, Ynys Môn"
)

Open = Callable[..., Page]
Sound = Callable[[Page], None]


@pytest.mark.parametrize("width", [375, 1280])
def test_the_sheets_are_sound_on_screen(report_door: str, open_page: Open, sound: Sound, width: int) -> None:
    door = ReportDoor(open_page(width), report_door)
    for path in ("/posters", *SHEETS, "/cy/posters/a4", "/cy/posters/paper"):
        door.go(path)
        sound(door.page)


@pytest.mark.parametrize("name", ["Wendle Vale Trust", LONG_NAME], ids=["short", "long"])
def test_each_prints_on_its_pages_and_nothing_of_the_website_round_it(
    report_door: str, rehearsal: Instance, open_page: Open, name: str
) -> None:
    with rehearsal.stores.write_main() as main:
        main.get_one(Organisation, 1).name = name
    door = ReportDoor(open_page(1280), report_door)
    for path, pages in SHEETS.items():
        for language in ("", "/cy"):
            door.go(language + path)
            assert boxes(door.page.pdf(prefer_css_page_size=True)) == [A4] * pages, language + path
            door.page.emulate_media(media="print")
            for part in ("header", "footer", "h1", "[data-exit]", "a[href]", ".sheet-hint", ".concerns-rehearsal"):
                assert not door.page.locator(part).filter(visible=True).count(), part
            assert not cut_off(door.page), language + path
            door.page.emulate_media(media="null")


def boxes(pdf: bytes) -> list[tuple[float, float]]:
    """The size of each page, in points."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(found) == len(re.findall(rb"/Type /Page\b", pdf))
    return [(round(float(wide), 2), round(float(high), 2)) for wide, high in found]


def cut_off(page: Page) -> list[str]:
    """The sheets and cards whose words do not fit into them, as wide as paper is."""
    page.set_viewport_size({"width": 718, "height": 1047})  # A4 within its margins
    script = """() => [...document.querySelectorAll('.sheet, .sheet-card')]
        .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.className)"""
    found: list[str] = page.evaluate(script)
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def test_print_keeps_the_colour_and_survives_without_it(report_door: str, open_page: Open) -> None:
    door = ReportDoor(open_page(1280), report_door)
    door.go("/posters/a4")
    band = door.page.locator(".sheet-band")
    shown = band.evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).printColorAdjust || "
        "getComputedStyle(one).webkitPrintColorAdjust]"
    )
    # the organisation’s #005eb8
    assert shown == ["rgb(0, 94, 184)", "exact"]
    border = band.evaluate("one => getComputedStyle(one).borderTopColor")
    assert border == "rgb(0, 94, 184)"


def test_we_heard_we_did_prints_on_one_page_however_much_was_said(
    report_door: str, rehearsal: Instance, open_page: Open, sound: Sound
) -> None:
    door = ReportDoor(open_page(1280), report_door)
    for text in (None, "Long words everywhere. " * 60, "Short."):
        with rehearsal.stores.write_main() as main:
            for row in main.scalars(select(Answer)):
                row.known = row.doing = text or row.doing
        for language in ("", "/cy"):
            door.go(f"{language}/answers/2026-11")
            sound(door.page)
            assert boxes(door.page.pdf(prefer_css_page_size=True)) == [A4], (language, text)
            door.page.emulate_media(media="print")
            assert not cut_off(door.page), (language, text)
            door.page.emulate_media(media="null")
