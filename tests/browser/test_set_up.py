"""From `concerns run` on an empty folder to a pilot that a guardian reads, by keyboard alone and in few presses."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.keyboard import Keyboard
from tests.browser.organisations import SECTORS, Sector
from tests.browser.ports import free_port

pytestmark = pytest.mark.browser

PASSPHRASE = "{} keeps bees on the roof"
PEOPLE = """Name\tE-mail\tRoles
Gita Rao\tgita@example.org\tguardian
Gwen Parry\tgwen@example.org\tguardian
Lena Okafor\tlena@example.org\tleader
Owen Maddox\towen@example.org\toverseer"""
#: clicks, or presses of Enter or Space, that the admin may need at most, links handed over
MOST_PRESSES = 60
WIDTHS = (375, 1280)


@dataclass
class Running:
    """`concerns run` on a folder that did not exist before."""

    address: str
    origin: str


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    words = ["run", "--directory", str(tmp_path / "instance"), "--port", str(free_port())]
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONCERNS_", "DATABASE_", "LIVE_"))
    }
    server = subprocess.Popen(
        [Path(sys.executable).with_name("concerns"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**ours, "CONCERNS_WORKERS": "1"},
    )
    try:
        assert server.stdout is not None
        said = re.search(r"begin: (http://[\d.:]+)(/desk/begin/[\w-]+)", server.stdout.readline())
        assert said is not None
        yield Running(said[1] + said[2], said[1])
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=120)  # gunicorn itself gives a request that goes on half a minute


def wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    pytest.fail("the server did not come up")


@pytest.mark.parametrize("sector", SECTORS.values(), ids=SECTORS)
def test_ada_from_an_empty_folder_to_the_launch_by_keyboard(
    running: Running, browser: Browser, sound: Callable[[Page], None], sector: Sector
) -> None:
    complaints: list[str] = []

    def tab() -> Page:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    def look(page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            sound(page)

    ada = Keyboard(tab())
    wait_for(f"{running.origin}/theme.css")
    staff = tab()
    for path in ("/", "/cy/", "/desk/"):
        staff.goto(running.origin + path)
        look(staff)
    expected, complaints[:] = [said for said in complaints if "status of 503" in said], []
    assert len(expected) == 3

    begin(ada, running, look, sector)
    settle_parts(ada, look, sector)
    links = add_people(ada, look)
    ada.press("Begin a pilot")
    look(ada.page)
    guardians = [guardian(tab(), links[name]) for name in ("Gita Rao", "Gwen Parry")]
    for page in guardians:
        page.reload()
        page.get_by_role("button", name="Sign", exact=True).click()
    ada.presses += 1
    ada.page.reload()
    ada.press("Fill with invented concerns")
    assert "The guardians have 30 invented concerns in their inbox" in ada.text
    look(ada.page)

    gita = guardians[0]
    gita.goto(f"{running.origin}/desk/inbox")
    assert sector.theme in (gita.locator("#theme").text_content() or "")
    assert gita.locator(".desk-flag").count() >= 20
    assert "This is a pilot with invented concerns" in gita.content()
    staff.goto(f"{running.origin}/tell")
    assert "This is a pilot with invented concerns" in staff.content()
    assert sector.ring in staff.locator("main").inner_text()
    ada.follow("Launch the service, and destroy the pilot")
    look(ada.page)
    ada.write("The organisation’s name", sector.organisation)
    ada.press("Destroy the pilot and launch")
    look(ada.page)
    assert ada.presses < MOST_PRESSES, ada.presses
    staff.goto(f"{running.origin}/")
    assert "This is a pilot" not in staff.content()
    assert complaints == []


def begin(ada: Keyboard, running: Running, look: Callable[[Page], None], sector: Sector) -> None:
    ada.page.goto(running.address)
    look(ada.page)
    ada.write("Name of the organisation", sector.organisation)
    # a group of choices has one place in the order of Tab; the arrows move within it
    ada.go_to(ada.page.get_by_role("radio"))
    wanted = ada.page.get_by_role("radio", name=sector.label, exact=True)
    for _ in range(4):
        if wanted.is_checked():
            break
        ada.presses += 1
        ada.page.keyboard.press("ArrowDown")
    assert wanted.is_checked()
    ada.write("Name, as staff know it", "Ada Byrne")
    ada.write("E-mail address", "ada@example.org")
    ada.write("Passphrase", PASSPHRASE.format("Ada"))
    ada.write("The same passphrase again", PASSPHRASE.format("Ada"))
    ada.write("Six-digit code", ada.code())
    ada.press("Begin")
    assert ada.page.locator("h1").inner_text() == "Set-up"
    look(ada.page)


def settle_parts(ada: Keyboard, look: Callable[[Page], None], sector: Sector) -> None:
    save = "Save and go back to set-up"
    ada.follow("Organisation")
    ada.write("Flags that you expect in a year", "120")
    ada.press(save)
    ada.follow("Areas and head-counts")
    ada.write("Areas", sector.areas)
    ada.press("Look at what would change")
    look(ada.page)
    if sector.merged:
        assert f"Small areas of {sector.merged}" in ada.text
        ada.press("Merge all small areas within their division")
        look(ada.page)
        assert "Too small to be counted alone" not in ada.text
    ada.press(save)
    ada.follow("Reading days")
    ada.tick("Monday")
    ada.tick("Thursday")
    ada.press(save)
    ada.follow("Numbers to ring")
    ada.press(save)
    ada.follow("Who reads instead")
    for who in ("a guardian", "the head or chief executive", "the chair", "whoever sets up this service"):
        ada.write(f"If it is about {who}", "The guardians, who report it to the regulator")
    ada.press(save)
    look(ada.page)


def add_people(ada: Keyboard, look: Callable[[Page], None]) -> dict[str, str]:
    """Everybody's one-time link, by name."""
    ada.follow("People")
    look(ada.page)
    ada.follow("Paste a row for each")
    look(ada.page)
    ada.write("People, one a line", PEOPLE)
    ada.press("Make the accounts")
    look(ada.page)
    ada.press("Make links for everybody who has none")
    look(ada.page)
    shown = ada.page.locator(".desk-flag")
    links = {
        one.get_by_role("heading").inner_text(): one.locator(".desk-link").inner_text().strip() for one in shown.all()
    }
    assert len(links) == 4
    ada.presses += len(links)  # each is copied once, to be handed over
    ada.follow("Set-up")
    return links


def guardian(page: Page, link: str) -> Page:
    """A guardian's first session: her passphrase, her app, her keys."""
    page.goto(link)
    name = page.locator("h1").inner_text().removeprefix("Welcome, ")
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE.format(name))
    page.get_by_label("The same passphrase again").fill(PASSPHRASE.format(name))
    page.get_by_label("Six-digit code").fill(Keyboard(page).code())
    page.get_by_role("button", name="Set up my account").click()
    page.wait_for_url("**/keys")
    return page
