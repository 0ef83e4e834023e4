"""Passkeys in a browser: added and used with Chromium's own virtual device, and what is sent tells nothing of extensions."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import config
from concerns import open_house
from concerns.people.model import Passkey
from tests.browser.conftest import served
from tests.browser.pages.desk import DeskPages
from tests.browser.ports import free_port
from tests.cast import FixedClock, Instance
from tests.people.visiting import beside_the_report_door

pytestmark = pytest.mark.browser

Sound = Callable[[Page], None]


@pytest.fixture
def named(tmp_path: Path, founded: tuple[Path, dict[str, tuple[bytes, bytes]]]) -> Iterator[Instance]:
    """The founded rehearsal, whose desk is reached by a name: passkeys belong to one."""
    folder, secrets = founded
    directory = tmp_path / "instance"
    shutil.copytree(folder, directory)
    port = free_port()
    environ = {"CONCERNS_BIND": f"127.0.0.1:{port}", "CONCERNS_DESK_ORIGIN": f"http://localhost:{port}"}
    settings = config.load(directory, environ)
    clock = FixedClock()
    opened = Instance(settings, clock, open_house(settings, clock), secrets)
    yield opened
    opened.close()


@pytest.fixture(params=[375, 1280])
def desk(request: pytest.FixtureRequest, browser: Browser, named: Instance) -> Iterator[DeskPages]:
    """A tab at the desk with scripts; anything said on its console fails the test."""
    said: list[str] = []
    app = Flask("nothing")
    beside = beside_the_report_door(named.desk_app)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": beside})  # type: ignore[method-assign]
    with served(app, int(named.settings.bind.rpartition(":")[2])):
        context = browser.new_context(viewport={"width": request.param, "height": 900})
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield DeskPages(page, named.settings.desk_origin, named)
        context.close()
    # a wrong passkey is answered 403, a wrong field 422
    assert not [one for one in said if "status of 403" not in one and "status of 422" not in one], said


def device(page: Page) -> CDPSession:
    """Chromium plays a device that knows its owner by her finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def begin(desk: DeskPages, name: str) -> None:
    desk.go("/sign-in")
    desk.write("E-mail address", f"{name}@example.org")
    desk.write("Passphrase", desk.instance.passphrase(name))
    desk.press("Use a passkey instead of a code")


def test_a_passkey_is_added_and_opens_the_desk(desk: DeskPages, sound: Sound) -> None:
    sent: list[str] = []
    desk.page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "POST" else None)
    device(desk.page)
    desk.go("/me/passkeys/add")
    desk.sign_in("gita")
    sound(desk.page)
    desk.write("Name of this passkey", "my phone")
    desk.write("Your passphrase", desk.instance.passphrase("gita"))
    desk.press("Go on")
    sound(desk.page)
    desk.press("Make the passkey")
    expect(desk.page.get_by_role("heading", name="my phone")).to_be_visible()
    sound(desk.page)
    desk.press("Sign out")
    for count in (1, 2):
        begin(desk, "gita")
        sound(desk.page)
        desk.press("Use my passkey")
        desk.page.wait_for_url("**/inbox")
        desk.press("Sign out")
        with desk.instance.stores.read_main() as main:
            assert main.query(Passkey).one().sign_count >= count
    answers = [json.loads(parse_qs(body)["credential"][0]) for body in sent if "credential=" in body]
    assert len(answers) == 3
    for answer in answers:
        assert set(answer) == {"id", "rawId", "type", "response"}


def test_a_browser_without_the_passkey_says_so_and_a_code_still_works(desk: DeskPages, sound: Sound) -> None:
    device(desk.page)
    begin(desk, "gita")
    desk.press("Use my passkey")
    expect(desk.page.get_by_role("alert")).to_contain_text("The passkey was not used")
    sound(desk.page)
    desk.follow("Sign in with a code")
    desk.sign_in("gita")
    desk.page.wait_for_url("**/inbox")


def test_somebody_elses_passkey_opens_nothing(desk: DeskPages) -> None:
    device(desk.page)
    desk.go("/me/passkeys/add")
    desk.sign_in("lena")
    desk.write("Name of this passkey", "my phone")
    desk.write("Your passphrase", desk.instance.passphrase("lena"))
    desk.press("Go on")
    desk.press("Make the passkey")
    expect(desk.page.get_by_role("heading", name="my phone")).to_be_visible()
    desk.press("Sign out")
    begin(desk, "gita")
    desk.press("Use my passkey")
    expect(desk.page.get_by_role("alert")).to_contain_text("or the passkey is wrong")


def test_without_script_the_code_is_the_way(browser: Browser, desk: DeskPages, sound: Sound) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = DeskPages(context.new_page(), desk.origin, desk.instance)
    plain.go("/sign-in")
    expect(plain.page.get_by_role("button", name="Use a passkey instead of a code")).to_have_count(0)
    sound(plain.page)
    plain.sign_in("gita")
    plain.page.wait_for_url("**/inbox")
    context.close()


@pytest.mark.parametrize("path", ["/me", "/me/passphrase", "/me/app", "/me/sessions", "/me/passkeys"])
def test_the_pages_of_ones_own_account_are_sound(desk: DeskPages, sound: Sound, path: str) -> None:
    desk.go(path)
    desk.sign_in("gita")
    sound(desk.page)


def test_the_page_of_an_account_is_sound(desk: DeskPages, sound: Sound) -> None:
    desk.go("/set-up")
    desk.sign_in("ada")
    sound(desk.page)
    desk.page.get_by_role("link", name="Sessions and leaving of Gita").click()
    sound(desk.page)
    desk.press("Gita leaves")
    expect(desk.page.get_by_role("alert")).to_contain_text("Tick the box")
    sound(desk.page)
    desk.page.get_by_label("I looked at the name above").check()
    desk.press("Gita leaves")
    assert "3. Two other guardians sign the removal" in desk.text
    sound(desk.page)
