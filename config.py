"""The settings of one instance: one frozen, typed object, validated whole before anything starts."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from concerns.store.house import MailServer

_BIND = re.compile(r"unix:/[^\x00-\x1f]+|([\w.\-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
SETTINGS_FILE = "settings.toml"
SHORTEST_SECRET = 32
SECRET_FILE = "desk.key"  # noqa: S105 - a file name
_ORIGIN = re.compile(r"https?://([\w.\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
DEFAULT_BIND = "127.0.0.1:8000"

# file key -> environment variable that overrides it
VARIABLES = {
    "report_origins": "CONCERNS_REPORT_ORIGINS",
    "desk_origin": "CONCERNS_DESK_ORIGIN",
    "desk_path": "CONCERNS_DESK_PATH",
    "bind": "CONCERNS_BIND",
    "workers": "CONCERNS_WORKERS",
    "main_url": "DATABASE_URL",
    "live_url": "LIVE_URL",
    "mail_host": "CONCERNS_MAIL_HOST",
    "mail_port": "CONCERNS_MAIL_PORT",
    "mail_from": "CONCERNS_MAIL_FROM",
    "mail_user": "CONCERNS_MAIL_USER",
    "mail_password": "CONCERNS_MAIL_PASSWORD",
    "mail_tls": "CONCERNS_MAIL_TLS",
}
#: how a connection to the mail server is encrypted -> the usual port
MAIL_TLS = {"starttls": 587, "tls": 465, "none": 25}
_MAIL_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*", re.ASCII)
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1")
FORBIDDEN = {"FLASK_DEBUG": "debug mode", "FLASK_ENV": "development mode", "SQLALCHEMY_ECHO": "a log of statements"}


class SettingsRefused(ValueError):
    """The settings cannot be used; the message says which and why, one line each."""


@dataclass(frozen=True)
class Settings:
    """Where an instance lives and how it is reached. The desk's secret stays in its file: only its path is here."""

    directory: Path
    #: public addresses of the report door, clear and onion, without a slash at the end
    report_origins: tuple[str, ...]
    desk_origin: str
    #: "/desk/" beside the report door, "/" on a host of its own
    desk_path: str
    #: host:port or unix:/path
    bind: str
    workers: int
    main_url: str
    live_url: str
    #: None where no letters are sent
    mail: MailServer | None = None

    @property
    def ledger_path(self) -> Path:
        return self.directory / "ledger.jsonl"

    @property
    def secret_path(self) -> Path:
        return self.directory / SECRET_FILE


def load(directory: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read `settings.toml` of the instance's folder, then the environment. Raises SettingsRefused with every fault."""
    try:
        directory = directory.resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise SettingsRefused(f"{directory} is not a folder that can be used.") from error
    values = _from_file(directory / SETTINGS_FILE)
    values |= {key: environ[name] for key, name in VARIABLES.items() if environ.get(name)}
    faults = [f"{name} is set: {what} is forbidden." for name, what in FORBIDDEN.items() if environ.get(name)]
    faults += [f"{SETTINGS_FILE}: “{key}” is not a setting." for key in sorted(set(values) - set(VARIABLES))]
    bind = str(values.get("bind", DEFAULT_BIND))
    if not _BIND.fullmatch(bind) or not _is_port(bind):
        faults.append(f"bind: “{_on_one_line(bind)}” is not host:port or unix:/path.")
        bind = DEFAULT_BIND
    own = "" if bind.startswith("unix:") else f"http://{bind}"
    origins = _origins(values.get("report_origins", own), "report_origins", faults)
    desk = _origins(values.get("desk_origin", own), "desk_origin", faults)
    path = str(values.get("desk_path", "/desk/"))
    if not re.fullmatch(r"/([\w\-]+/)*", path):
        faults.append(f"desk_path: “{_on_one_line(path)}” must begin and end with a slash.")
    workers = _whole(values.get("workers", 2), "workers", faults)
    urls = [_store_url(values.get(f"{name}_url", ""), name, directory, faults) for name in ("main", "live")]
    if urls[0] == urls[1]:
        faults.append("DATABASE_URL and LIVE_URL must name two different databases.")
    mail = _mail(values, faults)
    if faults:
        raise SettingsRefused("\n".join(faults))
    return Settings(directory, origins, desk[0], path, bind, workers, urls[0], urls[1], mail)


def write_secret(settings: Settings) -> bool:
    """Make the desk's form secret once, readable by the service's own user only; False where there is one."""
    try:
        descriptor = os.open(settings.secret_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return True


def secret_fault(settings: Settings) -> str | None:
    """What is wrong with the desk's form secret; None where it is long enough to keep its promise."""
    if len(settings.secret_path.read_bytes().strip()) >= SHORTEST_SECRET:
        return None
    return f"{settings.secret_path} is empty or too short: remove it, and `concerns init` makes a new one."


def _from_file(path: Path) -> dict[str, object]:
    try:
        return dict(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return {}
    except (RecursionError, ValueError) as error:  # not TOML, not UTF-8, nested too deep, or a number too long
        raise SettingsRefused(f"{path.name} is not TOML: {error}") from error


def _origins(value: object, key: str, faults: list[str]) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else str(value).split(",")
    origins = tuple(str(one).strip().rstrip("/") for one in listed if str(one).strip())
    wrong = [_on_one_line(origin) for origin in origins if not _is_origin(origin)]
    faults += [f"{key}: “{origin}” is not an address like https://concerns.example.org." for origin in wrong]
    if not origins:
        faults.append(f"{key} is empty.")
        return ("",)
    return origins


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.port != 0 and f"{parts.scheme}://{parts.netloc}" == text and _ORIGIN.fullmatch(text) is not None
    except ValueError:  # half a pair of brackets, or a port that is none
        return False


def _is_port(bind: str) -> bool:
    return bind.startswith("unix:") or 1 <= int(bind.rpartition(":")[2]) <= 65535


def _on_one_line(text: str) -> str:
    return " ".join(text.split())[:100]


def _mail(values: Mapping[str, object], faults: list[str]) -> MailServer | None:
    """The mail server; outside this machine nothing reaches it unencrypted. No fault ever quotes the password."""
    given = {key: str(values.get(key, "")) for key in VARIABLES if key.startswith("mail_")}
    host, sender = given["mail_host"], given["mail_from"]
    if not host:
        faults += [f"{key} is set without mail_host." for key, value in given.items() if value]
        return None
    here = _LOOPBACK.fullmatch(host) is not None
    tls = given["mail_tls"] or ("none" if here else "starttls")
    if not re.fullmatch(r"[\w.\-:]+", host):
        faults.append(f"mail_host: “{_on_one_line(host)}” is not the name of a mail server.")
    if not _MAIL_ADDRESS.fullmatch(sender):
        faults.append(f"mail_from: “{_on_one_line(sender)}” is not an address like desk@example.org.")
    if tls not in MAIL_TLS:
        faults.append(f"mail_tls: “{_on_one_line(tls)}” is neither starttls, tls nor none.")
    elif tls == "none" and not here:
        faults.append("mail_tls: none is for a mail server on this machine only.")
    if bool(given["mail_user"]) != bool(given["mail_password"]):
        faults.append("mail_user and mail_password go together.")
    port = _whole(values.get("mail_port", MAIL_TLS.get(tls, 25)), "mail_port", faults, 65535)
    return MailServer(host, port, sender, given["mail_user"], given["mail_password"], tls)


def _whole(value: object, key: str, faults: list[str], most: int = 64) -> int:
    try:
        number = int(str(value)) if not isinstance(value, bool | float) else 0
    except ValueError:
        number = 0
    if not 1 <= number <= most:
        faults.append(f"{key}: “{_on_one_line(str(value))}” is not a whole number from 1 to {most}.")
    return number


def _store_url(value: object, name: str, directory: Path, faults: list[str]) -> str:
    url = str(value) or f"sqlite:///{directory / f'{name}.db'}"
    try:
        make_url(url)
        known = url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://"))
    except (ArgumentError, ValueError):
        known = False
    if not known:
        faults.append(f"The {name} store must be a sqlite:/// or postgresql:// address.")
    return url
