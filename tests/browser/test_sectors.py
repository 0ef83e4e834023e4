"""Lena's way through the reports of each demo, in every sector and at every size.

The medium and large ones take minutes to be seeded: `make bench ARGS=tests/browser/test_sectors.py` goes through those.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import config
from concerns import create_desk_app, create_report_app, open_house
from concerns.demo import seeding
from concerns.people.second_factor import code_at
from concerns.sealing import passwords
from concerns.themes.packs import SECTORS
from tests.argon import Remembering
from tests.browser.conftest import served
from tests.browser.ports import free_port
from tests.cast import FixedClock

pytestmark = pytest.mark.browser
Sound = Callable[[Page], None]
WIDTHS = (375, 1280)
#: how fine a year's table can be at each size: 300, 2,100 and 6,000 flags within three years, by the grain rule
GRAINS = {
    "small": {"whole", "groups", "themes"},
    "medium": {"themes", "themes-by-division", "themes-by-area"},
    "large": {"themes-by-division", "themes-by-area"},
}
DEMOS = [
    pytest.param((sector, size), id=f"{sector}-{size}", marks=() if size == "small" else pytest.mark.bench)
    for size in GRAINS
    for sector in SECTORS
]


@dataclass(frozen=True)
class Demo:
    """A demo that is served, and Lena signed in to it."""

    size: str
    page: Page

    def go(self, path: str) -> str:
        answer = self.page.goto(f"{self.page.url.partition('/desk/')[0]}/desk/{path}")
        assert answer is not None and answer.ok, path
        return " ".join((self.page.locator("main").text_content() or "").split())  # what is folded away as well

    def fetched(self, path: str) -> bytes:
        answer = self.page.request.get(f"{self.page.url.partition('/desk/')[0]}/desk/{path}")
        assert answer.ok, path
        return answer.body()


@pytest.fixture(params=DEMOS)
def lena(
    request: pytest.FixtureRequest, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Demo]:
    sector, size = request.param
    monkeypatch.setattr(passwords, "Argon2id", Remembering)
    port = free_port()
    settings, clock = config.load(tmp_path, {"CONCERNS_BIND": f"127.0.0.1:{port}"}), FixedClock()
    config.write_secret(settings)
    house = open_house(settings, clock)
    seeded = seeding.seed_demo(house, sector, size, 1, lambda work, _name: work)
    house.stores.close()
    clock.pass_(minutes=1)
    desk, app = create_desk_app(settings, clock), create_report_app(settings, clock)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": desk})  # type: ignore[method-assign]
    person = next(one for one in seeded.cast if one.email.startswith("lena@"))
    with served(app, port) as origin, browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{origin}/desk/sign-in")
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_label("Passphrase").fill(str(person.passphrase))
        page.get_by_label("Six-digit code").fill(code_at(str(person.totp_secret), clock()))
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        yield Demo(size, page)
    for one in (desk, app):
        one.extensions["concerns"].stores.close()


def look(lena: Demo, sound: Sound) -> None:
    for width in WIDTHS:
        lena.page.set_viewport_size({"width": width, "height": 900})
        sound(lena.page)


def test_lena_reads_what_she_may_and_nothing_finer(lena: Demo, sound: Sound) -> None:
    lena.go("report/")
    look(lena, sound)
    links = lena.page.locator("main a").evaluate_all("all => all.map(one => one.pathname)")
    year = max(found[1] for link in links if (found := re.search(r"/report/(\d{4})$", link)))
    release = json.loads(lena.fetched(f"report/{year}.json"))
    assert release["grain"] in GRAINS[lena.size]

    text = lena.go(f"report/{year}")
    shown = [node for node in release["nodes"] if node["shown"]]
    assert shown or release["total"]
    for node in shown[:3]:
        assert f"{node['shown']['value']:,}" in text
    look(lena, sound)
    lena.go("report/which-area")
    look(lena, sound)
    lena.go(f"report/reading/{year}")
    look(lena, sound)
    lena.go("promises/")
    look(lena, sound)

    lena.go(f"report/{year}/board")
    look(lena, sound)
    paper = PdfReader(BytesIO(lena.fetched(f"report/{year}/board/1.pdf")))
    parts = " ".join(page.extract_text() for page in paper.pages)
    assert len(paper.pages) >= 2 and year in parts
