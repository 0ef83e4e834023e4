"""Takes the pictures of the README and of the pages for each role from a running demo, or with a folder every page at both widths, to be looked at.

Usage: concerns demo (in another terminal), then
    .venv/bin/python scripts/screenshots.py [--directory instance] [--origin http://127.0.0.1:8000] [--all FOLDER]
"""

import argparse
import datetime as dt
import re
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
READING = ("report/", "report/{quarter}", "report/{year}", "report/reading", "report/reading/{year}", "report/{year}/board",
           "report/{quarter}/board", "report/which-area", "promises/", "{promise}", "peers/", "audit/")  # fmt: skip
#: `{quarter}` and `{year}` are the newest that are frozen, `{promise}`, `{answer}` and `{theme}` the first of their lists
DESK_PAGES = {
    "gita": (
        *("me", "me/passphrase", "me/app", "me/sessions", "me/passkeys", "me/passkeys/add"),
        *("me", "keys", "keys/shares", "inbox", "inbox?show=all", "insight", "insight/themes"),
        *("flags/enter", "waiting"),
        *("texts/", "texts/write/learning", "texts/write/answer", "leave", "leave/flags", "close/", "returns/"),
        *("report/words", "audit/everybody", *READING),
    ),
    "gwen": ("me", "inbox", "texts/", "waiting"),
    "lena": (
        *("me", "report/words", "report/reading/figures", "report/reading/annotations"),
        *("report/{quarter}/board/write", "report/{quarter}/board/draft", "report/{year}/board/write"),
        *("promises/action", "promises/response", "{promise}/words", "{promise}/dates", "{promise}/end"),
        *("{answer}", *READING),
    ),
    "ada": (
        *("me", "set-up", "set-up/numbers", "set-up/policy", "set-up/themes", "set-up/themes/add"),
        *(
            "set-up/themes/words?theme={theme}",
            "set-up/themes/name?theme={theme}",
            "set-up/themes/future?theme={theme}",
        ),
        *("set-up/organisation", "set-up/areas", "set-up/reading", "set-up/signposts", "set-up/signposts/one"),
        *("set-up/instead", "set-up/access", "set-up/look", "set-up/languages", "set-up/form", "set-up/rules"),
        *("set-up/peer", "set-up/guardian", "set-up/people/add", "set-up/people/paste", "audit/", "guide/admin"),
    ),
    "priya": ("me", "peers/write", *READING),
    "owen": ("me", "overseer", "promises/", "{promise}", "audit/everybody"),
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
            for_reporters(browser, seeded, chosen.origin)
            for_leaders(desks["lena"], chosen.origin)
            for_guardians(desks["gita"], chosen.origin)
            for name, role, path in (("set-up", "ada", "set-up"), ("health", "ada", "set-up/health"),
                                     ("duties", "owen", "overseer"), ("outward", "priya", "peers/")):  # fmt: skip
                one_page(desks[role], f"{chosen.origin}/desk/{path}", name)
        browser.close()


def one_page(desk: BrowserContext, address: str, name: str) -> None:
    """The upper part of a page of the desk."""
    page = desk.new_page()
    page.set_viewport_size({"width": 1000, "height": 900})
    page.goto(address)
    page.screenshot(path=IMAGES / f"{name}.png")


def for_reporters(browser: Browser, seeded: Seeded, origin: str) -> None:
    """A reporter's form on a phone, and what she finds when she comes back."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    phone = browser.new_context(viewport={"width": 375, "height": 900}).new_page()
    phone.goto(f"{origin}/tell")
    phone.locator("html.concerns-sealing").wait_for()
    phone.locator("#text").fill(NAMED)
    phone.locator(".concerns-found:visible li").first.wait_for()
    phone.locator("#text").evaluate("one => one.scrollIntoView({block: 'start'})")
    phone.evaluate("scrollBy(0, -200)")
    phone.screenshot(path=IMAGES / "tell.png")
    phone.goto(f"{origin}/return?sealed-by=server")
    phone.locator("#receipt").fill(seeded.receipt)
    phone.locator("button[value=open]").click()
    phone.screenshot(path=IMAGES / "thread.png")


def for_leaders(lena: BrowserContext, origin: str) -> None:
    """The newest report of a year, and its board paper."""
    page = lena.new_page()
    year = facts(page, origin)["year"]
    for name, path, height in (("report", year, 900), ("board", f"{year}/board", 1250)):
        page.set_viewport_size({"width": 900, "height": height})
        page.goto(f"{origin}/desk/report/{path}")
        page.screenshot(path=IMAGES / f"{name}.png")


def facts(desk: Page, origin: str) -> dict[str, str]:
    """What addresses of pages hold: the newest quarter and year that are frozen, a promise, a peer's note, a theme."""
    desk.goto(f"{origin}/desk/report/")
    words = " ".join(desk.locator("main a[href*='/report/']").evaluate_all("all => all.map(one => one.href)"))
    quarters, years = (re.findall(rf"/report/({form})\b(?!-)", words) for form in (r"\d{4}-Q\d", r"\d{4}"))
    desk.goto(f"{origin}/desk/promises/")
    promises = desk.locator("main a").evaluate_all("all => all.map(one => one.pathname)")
    promise = next(path for path in promises if re.fullmatch(r"/desk/promises/[0-9a-f]{32}", path))
    desk.goto(f"{origin}/desk/promises/response")
    theme = desk.locator("#theme option").nth(1).get_attribute("value") or ""
    desk.goto(f"{origin}/desk/peers/")
    answer = desk.locator("main a[href$='/answer']").first.get_attribute("href") or ""
    found = {"promise": promise.removeprefix("/desk/"), "answer": answer.removeprefix("/desk/"), "theme": theme}
    return {"quarter": max(quarters), "year": max(years), **found}


def for_guardians(gita: BrowserContext, origin: str) -> None:
    """The inbox, once every flag of the story is opened for her, and one flag with its suggested themes."""
    page = gita.new_page()
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{origin}/desk/inbox")
    while page.get_by_role("link", name="Go on").count():
        page.reload()
    page.screenshot(path=IMAGES / "inbox.png")
    page.goto(f"{origin}/desk/inbox?show=new")
    page.locator("main li a[href*='/flags/']").first.click()
    page.screenshot(path=IMAGES / "flag.png")


def everything(browser: Browser, desks: dict[str, BrowserContext], seeded: Seeded, origin: str, folder: Path) -> None:
    """Every page that a person can reach in the demo, whole, at both widths."""
    folder.mkdir(parents=True, exist_ok=True)
    found = facts(desks["lena"].new_page(), origin)
    for width in WIDTHS:
        page = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False).new_page()
        for path in REPORT_PAGES:
            page.goto(origin + path)
            shoot(page, folder, f"report{path}", width)
        page.goto(f"{origin}/answers")
        page.locator("main a[href*='/answers/20']").first.click()
        shoot(page, folder, "report-answers-sheet", width)
        walk(page, seeded, origin, folder, width)
        scripted = browser.new_context(viewport={"width": width, "height": 800}).new_page()
        walk_with_script(scripted, origin, folder, width)
        for name, context in desks.items():
            desk = context.new_page()
            desk.set_viewport_size({"width": width, "height": 800})
            for path in DESK_PAGES[name]:
                desk.goto(f"{origin}/desk/{path.format(**found)}")
                shoot(desk, folder, f"{name}-{path}", width)
            if name == "gita":
                one_flag(desk, seeded, origin, folder, width)


def one_flag(desk: Page, seeded: Seeded, origin: str, folder: Path, width: int) -> None:
    """The newest flag with the pages beside it, and the period that is left to be closed."""
    desk.goto(f"{origin}/desk/inbox?show=all")
    desk.locator("main tbody a[href*='/flags/'], main li a[href*='/flags/']").first.click()
    shoot(desk, folder, "gita-flag", width)
    address = desk.url.partition("?")[0]
    for step in ("events", "conflict", "gate", "just-culture", "refer", "escalate", "hand-over", "not-ours"):
        desk.goto(f"{address}/{step}")
        shoot(desk, folder, f"gita-flag-{step}", width)
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
