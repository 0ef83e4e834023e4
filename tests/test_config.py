"""Settings are read whole, and every fault is told before anything starts."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import config
from concerns.store.house import MailServer, OutsideDirectory


def load(folder: Path, text: str = "", **environ: str) -> config.Settings:
    (folder / "settings.toml").write_text(text)
    return config.load(folder, environ)


def test_an_empty_folder_gives_the_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.bind == "127.0.0.1:8000" and settings.desk_path == "/desk/"
    assert settings.report_origins == ("http://127.0.0.1:8000",)
    assert settings.main_url == f"sqlite:///{tmp_path}/main.db" != settings.live_url


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    text = 'bind = "127.0.0.1:9000"\nreport_origins = ["https://a.example", "http://b.onion"]\n'
    assert load(tmp_path, text).report_origins == ("https://a.example", "http://b.onion")
    desk = {"CONCERNS_DESK_ORIGIN": "https://desk.example"}
    assert load(tmp_path, text, CONCERNS_BIND="unix:/run/c.sock", **desk).bind == "unix:/run/c.sock"
    assert load(tmp_path, text, DATABASE_URL="postgresql://x/y").main_url == "postgresql://x/y"


def test_leaders_pages_may_have_a_login_of_their_own(tmp_path: Path) -> None:
    assert load(tmp_path).released_url is None
    urls = {"DATABASE_URL": "postgresql://concerns@x/y", "RELEASED_URL": "postgresql://leaders:bees@x/y"}
    settings = load(tmp_path, **urls)
    assert settings.released_url == urls["RELEASED_URL"]
    assert "bees" not in repr(settings)


MAIL, HOST = "mail_from = 'desk@example.org'\n", "mail_host = 'mail.example.org'\n"


def test_mail_is_encrypted_unless_it_stays_on_this_machine(tmp_path: Path) -> None:
    assert load(tmp_path).mail is None
    outside = load(tmp_path, MAIL + HOST).mail
    assert outside == MailServer("mail.example.org", 587, "desk@example.org", "", "", "starttls")
    assert load(tmp_path, MAIL + HOST + "mail_tls = 'tls'").mail == replace(outside, port=465, tls="tls")
    for host in ("localhost", "127.0.0.1", "::1"):
        inside = load(tmp_path, MAIL + f"mail_host = '{host}'").mail
        assert inside is not None and (inside.port, inside.tls) == (25, "none")
    secret = {"CONCERNS_MAIL_USER": "desk", "CONCERNS_MAIL_PASSWORD": "bees on the roof"}
    settings = load(tmp_path, MAIL + HOST + "mail_port = 2525", **secret)
    assert settings.mail == replace(outside, port=2525, user="desk", password="bees on the roof")
    assert "bees" not in repr(settings)


OIDC = "[oidc]\nissuer = 'https://login.example.org/realm'\nclient_id = 'desk'\n"
SECRET = {"CONCERNS_OIDC_SECRET": "bees on the roof"}


def test_the_organisations_own_accounts_are_named_whole_and_their_secret_in_no_file(tmp_path: Path) -> None:
    assert load(tmp_path).outside is None
    settings = load(tmp_path, OIDC, **SECRET)
    issuer, called = "https://login.example.org/realm", "your organisation’s account"
    assert settings.outside == OutsideDirectory(issuer, "desk", called, "bees on the roof")
    assert "bees" not in repr(settings)
    named = load(tmp_path, OIDC + "name = 'the trust’s account'", **SECRET, CONCERNS_OIDC_CLIENT_ID="other").outside
    assert named is not None and (named.name, named.client_id) == ("the trust’s account", "other")
    here = load(tmp_path, "[oidc]\nissuer = 'http://127.0.0.1:9000'\nclient_id = 'desk'", **SECRET).outside
    assert here is not None


def test_only_the_desk_needs_the_secret_of_the_organisations_accounts(tmp_path: Path) -> None:
    settings = load(tmp_path, OIDC)
    assert settings.outside is None
    with pytest.raises(config.SettingsRefused, match="set CONCERNS_OIDC_SECRET in the environment of the desk"):
        settings.outside_of_desk()
    assert load(tmp_path, OIDC, **SECRET).outside_of_desk() is not None
    assert load(tmp_path).outside_of_desk() is None


@pytest.mark.parametrize(
    ("text", "environ", "says"),
    [
        (OIDC, {"CONCERNS_OIDC_SECRET": "bées"}, "[oidc]: CONCERNS_OIDC_SECRET must be plain"),
        ("[oidc]\nissuer = 'x'\nclient_id = 'x'", {}, "[oidc] issuer:"),
        ("", SECRET, "[oidc] issuer: “” is not an address"),
        (OIDC + "secret = 'bees'", SECRET, "[oidc] holds a secret: take it out"),
        (OIDC + "colour = 1", SECRET, "[oidc]: “colour” is not a setting"),
        ("oidc = 'x'", {}, "oidc: write it as a table"),
        *(
            (f"[oidc]\nissuer = '{issuer}'\nclient_id = 'x'", SECRET, "[oidc] issuer:")
            for issuer in (
                "http://login.example.org",
                "https://a.example?x",
                "https://a b",
                "https://u@a.example",
                "https://[",
                "x",
            )
        ),
        ("[oidc]\nissuer = 'https://a.example'", SECRET, "[oidc] client_id is missing"),
        ("colour = 1", {}, "“colour” is not a setting"),
        ("bind = 'nowhere'", {}, "host:port"),
        ("workers = 0", {}, "whole number"),
        ("desk_path = 'desk'", {}, "slash"),
        ("report_origins = ['example.org']", {}, "not an address"),
        ("report_origins = []", {}, "report_origins is empty"),
        ("= broken", {}, "is not TOML"),
        ("workers = 1" + "0" * 5000, {}, "is not TOML"),
        ("bind = " + "[" * 5000, {}, "is not TOML"),
        ("workers = 2.0", {}, "whole number"),
        ("bind = '127.0.0.1:99999'", {}, "host:port"),
        ("bind = '::1:8000'", {}, "host:port"),
        ("bind = '[::1:8000'", {}, "host:port"),
        ("bind = 'unix:/run/c.sock'", {}, "report_origins is empty"),
        ("report_origins = ['http://[::1']", {}, "not an address"),
        ("report_origins = ['https://a.example:99999']", {}, "not an address"),
        ("report_origins = ['https://a.example#x']", {}, "not an address"),
        ("report_origins = ['https://me@a.example']", {}, "not an address"),
        ("", {"DATABASE_URL": "postgresql://x:port/y"}, "main store"),
        ("mail_from = 'desk@example.org'", {}, "mail_from is set without mail_host"),
        ("mail_host = 'mail.example.org'", {}, "mail_from: “” is not an address"),
        (MAIL + "mail_host = 'a b'", {}, "not the name of a mail server"),
        (MAIL + HOST, {"CONCERNS_MAIL_FROM": "a@b.c\r\nBcc: x@y.z"}, "mail_from: “a@b.c Bcc: x@y.z” is not"),
        (MAIL + HOST + "mail_tls = 'ssl'", {}, "neither starttls, tls nor none"),
        (MAIL + HOST + "mail_tls = 'none'", {}, "on this machine only"),
        (MAIL + HOST + "mail_user = 'desk'", {}, "mail_user and mail_password go together"),
        (MAIL + HOST + "mail_port = 70000", {}, "from 1 to 65535"),
        ("", {"FLASK_DEBUG": "1"}, "debug mode is forbidden"),
        ("", {"DATABASE_URL": "mysql://x"}, "main store"),
        ("", {"DATABASE_URL": "postgresql://x/y", "LIVE_URL": "postgresql://x/y"}, "two different"),
        ("", {"RELEASED_URL": "postgresql://leaders@x/y"}, "RELEASED_URL is for a main store on PostgreSQL"),
        ("", {"DATABASE_URL": "postgresql://a@x/y", "RELEASED_URL": "sqlite:///y.db"}, "RELEASED_URL is for a main"),
        ("", {"DATABASE_URL": "postgresql://a@x/y", "RELEASED_URL": "postgresql://l@x:p/y"}, "RELEASED_URL is for a"),
        ("", {"DATABASE_URL": "postgresql://a@x/y", "RELEASED_URL": "postgresql://a:b@x/y"}, "a login of its own"),
        ("", {"DATABASE_URL": "postgresql://a@x/y", "RELEASED_URL": "postgresql://l@x/z"}, "the same database as"),
        ("", {"DATABASE_URL": "postgresql://a@x:p/y", "RELEASED_URL": "postgresql://l@x/y"}, "The main store must be"),
    ],
)
def test_each_fault_is_told(tmp_path: Path, text: str, environ: dict[str, str], says: str) -> None:
    with pytest.raises(config.SettingsRefused, match=re.escape(says)):
        load(tmp_path, text, **environ)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsRefused) as refused:
        load(tmp_path, "workers = 0\nbind = 'x'", FLASK_DEBUG="1")
    assert len(str(refused.value).splitlines()) == 3


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert config.write_secret(settings)
    first = settings.secret_path.read_text()
    assert not config.write_secret(settings)
    assert settings.secret_path.read_text() == first and len(first) == 64
    assert settings.secret_path.stat().st_mode & 0o777 == 0o600
    assert first not in repr(settings)


@pytest.mark.parametrize(("text", "fault"), [("", True), (" \n" * 40, True), ("a" * 31, True), ("a" * 64, False)])
def test_a_short_secret_is_a_fault_that_does_not_show_it(tmp_path: Path, text: str, fault: bool) -> None:
    settings = load(tmp_path)
    settings.secret_path.write_text(text)
    said = config.secret_fault(settings)
    assert (said is not None) is fault
    assert said is None or "aaa" not in said


def test_settings_may_begin_with_a_mark_of_byte_order_and_an_address_of_six(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('bind = "[::1]:8000"\n', encoding="utf-8-sig")
    assert config.load(tmp_path, {}).report_origins == ("http://[::1]:8000",)


def test_every_fault_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsRefused) as refused:
        load(tmp_path, 'bind = "a\\nb"\nworkers = "1\\n2"\ndesk_path = "x\\ny"\nreport_origins = "c\\nd"')
    assert len(str(refused.value).splitlines()) == 4
