"""Takes the README's two pictures from a running demo, or with a folder every page at both widths, to be looked at.

Usage: concerns demo (in another terminal), then
    .venv/bin/python scripts/screenshots.py [--directory instance] [--origin http://127.0.0.1:8000] [--all FOLDER]
"""

import argparse
import datetime as dt
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from concerns.demo.seeding import Seeded
from concerns.demo.showing import recall
from concerns.people.second_factor import code_at

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
WIDTHS = (375, 1280)
IMAGES = Path(__file__).parents[1] / "docs" / "images"
REPORT_PAGES = (
    *("/", "/tell", "/return", "/answers", "/promise", "/help", "/privacy", "/accessibility"),
    *("/posters", "/posters/a4", "/posters/card", "/posters/paper"),
)
DESK_PAGES = {
    "gita": ("me", "keys", "inbox", "inbox?show=all", "close/", "report/"),
    "lena": ("me", "report/", "report/2025", "report/which-area"),
    "ada": ("me", "set-up"),
}
NAMED = "On Tuesday night two of us covered thirty beds. Sister Amara Nwosu asked for help twice, and nobody came."


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, default=Path("instance"))
    parser.add_argument("--origin", default="http://127.0.0.1:8000")
    parser.add_argument("--all", type=Path)
    chosen = parser.parse_args()
    demo = recall(chosen.directory)
    if demo is None:
        parser.error(f"{chosen.directory} holds no demo")
    seeded = demo.seeded
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        desks = {name: signed_in(browser, chosen.origin, seeded, name) for name in DESK_PAGES}
        if chosen.all:
            everything(browser, desks, seeded, chosen.origin, chosen.all)
        else:
            for_readme(browser, desks["lena"], chosen.origin)
        browser.close()


def for_readme(browser: Browser, lena: BrowserContext, origin: str) -> None:
    """A reporter's form on a phone, and the yearly report of a leader."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    phone = browser.new_context(viewport={"width": 375, "height": 900}).new_page()
    phone.goto(f"{origin}/tell")
    phone.locator("html.concerns-sealing").wait_for()
    phone.locator("#text").fill(NAMED)
    phone.locator(".concerns-found:visible li").first.wait_for()
    phone.locator("#text").evaluate("one => one.scrollIntoView({block: 'start'})")
    phone.evaluate("scrollBy(0, -200)")
    phone.screenshot(path=IMAGES / "tell.png")
    page = lena.new_page()
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(f"{origin}/desk/report/2025")
    page.screenshot(path=IMAGES / "report.png")


def everything(browser: Browser, desks: dict[str, BrowserContext], seeded: Seeded, origin: str, folder: Path) -> None:
    """Every page that a person can reach in the demo, whole, at both widths."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False).new_page()
        for path in REPORT_PAGES:
            page.goto(origin + path)
            shoot(page, folder, f"report{path}", width)
        walk(page, seeded, origin, folder, width)
        scripted = browser.new_context(viewport={"width": width, "height": 800}).new_page()
        walk_with_script(scripted, origin, folder, width)
        for name, context in desks.items():
            desk = context.new_page()
            desk.set_viewport_size({"width": width, "height": 800})
            for path in DESK_PAGES[name]:
                desk.goto(f"{origin}/desk/{path}")
                shoot(desk, folder, f"{name}-{path}", width)
            if name == "gita":
                desk.goto(f"{origin}/desk/inbox?show=all")
                desk.locator("main tbody a[href*='/flags/'], main li a[href*='/flags/']").first.click()
                shoot(desk, folder, "gita-flag", width)
                if seeded.left:
                    desk.goto(f"{origin}/desk/close/{seeded.left}")
                    shoot(desk, folder, "gita-close-one", width)


def walk(page: Page, seeded: Seeded, origin: str, folder: Path, width: int) -> None:
    """A reporter's way without script: a mistake, the check page, and the thread of the story's receipt."""
    page.goto(f"{origin}/tell")
    page.locator("button[value=check]").click()
    shoot(page, folder, "walk-error", width)
    page.locator("#text").fill(NAMED)
    page.locator("button[value=check]").click()
    shoot(page, folder, "walk-check", width)
    page.goto(f"{origin}/return")
    page.locator("#receipt").fill(seeded.receipt)
    page.locator("button[value=open]").click()
    shoot(page, folder, "walk-thread", width)


def walk_with_script(page: Page, origin: str, folder: Path, width: int) -> None:
    """The same way sealed on the device, one step after the other, to the receipt."""
    page.goto(f"{origin}/tell")
    page.locator("html.concerns-sealing").wait_for()
    page.locator("#text").fill(NAMED)
    page.locator(".concerns-found:visible li").first.wait_for()
    for step in range(6):
        shoot(page, folder, f"step-{step + 1}", width)
        page.locator("button[value=check]").click()
    shoot(page, folder, "step-check", width)
    page.locator("button[data-send]").click()
    page.locator("#receipt:visible").wait_for()
    shoot(page, folder, "step-receipt", width)


def signed_in(browser: Browser, origin: str, seeded: Seeded, name: str) -> BrowserContext:
    """A context in which this person of the cast is signed in."""
    person = next(one for one in seeded.cast if one.email.startswith(f"{name}@"))
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{origin}/desk/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Passphrase").fill(str(person.passphrase))
    page.get_by_label("Six-digit code").fill(code_at(str(person.totp_secret), dt.datetime.now(dt.UTC)))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    page.close()
    return context


def shoot(page: Page, folder: Path, name: str, width: int) -> None:
    plain = "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")
    page.screenshot(path=folder / f"{plain}-{width}.png", full_page=True)


if __name__ == "__main__":
    main()
