"""The settings of one instance: one frozen, typed object, validated whole before anything starts."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from concerns.store.house import MailServer, OutsideDirectory

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
    "released_url": "RELEASED_URL",
    "mail_host": "CONCERNS_MAIL_HOST",
    "mail_port": "CONCERNS_MAIL_PORT",
    "mail_from": "CONCERNS_MAIL_FROM",
    "mail_user": "CONCERNS_MAIL_USER",
    "mail_password": "CONCERNS_MAIL_PASSWORD",
    "mail_tls": "CONCERNS_MAIL_TLS",
}
#: the same of the table `[oidc]`; the secret stands in the environment only
OIDC_VARIABLES = {
    "issuer": "CONCERNS_OIDC_ISSUER",
    "client_id": "CONCERNS_OIDC_CLIENT_ID",
    "name": "CONCERNS_OIDC_NAME",
}
OIDC_SECRET = "CONCERNS_OIDC_SECRET"  # noqa: S105 - the name of a variable
#: how a connection to the mail server is encrypted -> the usual port
MAIL_TLS = {"starttls": 587, "tls": 465, "none": 25}
_MAIL_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*", re.ASCII)
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1")
_POSTGRESQL = ("postgresql://", "postgresql+psycopg://")
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
    # an address may hold a password, which must not reach a traceback
    main_url: str = field(repr=False)
    live_url: str = field(repr=False)
    #: the login of leaders' pages on PostgreSQL; None where they share the main one
    released_url: str | None = field(default=None, repr=False)
    #: None where no letters are sent
    mail: MailServer | None = None
    #: None where nobody signs in through the organisation's own accounts, and where their secret is not known
    outside: OutsideDirectory | None = None
    #: `[oidc]` is there and its secret is not, as for the report door and for every command
    outside_lacks_secret: bool = False

    @property
    def ledger_path(self) -> Path:
        return self.directory / "ledger.jsonl"

    @property
    def secret_path(self) -> Path:
        return self.directory / SECRET_FILE

    def outside_of_desk(self) -> OutsideDirectory | None:
        """The organisation's own accounts, for the desk and for nothing else. Raises SettingsRefused."""
        if self.outside_lacks_secret:
            raise SettingsRefused(f"[oidc] needs a secret: set {OIDC_SECRET} in the environment of the desk.")
        return self.outside


def load(directory: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read `settings.toml` of the instance's folder, then the environment. Raises SettingsRefused with every fault."""
    try:
        directory = directory.resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise SettingsRefused(f"{directory} is not a folder that can be used.") from error
    values = _from_file(directory / SETTINGS_FILE)
    table = values.pop("oidc", {})
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
    released = _released_url(values.get("released_url", ""), urls[0], faults)
    mail = _mail(values, faults)
    outside = _outside(table, environ, faults)
    if faults:
        raise SettingsRefused("\n".join(faults))
    lacks = outside is not None and not outside.secret
    known = None if lacks else outside
    return Settings(directory, origins, desk[0], path, bind, workers, urls[0], urls[1], released, mail, known, lacks)


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


def _outside(table: object, environ: Mapping[str, str], faults: list[str]) -> OutsideDirectory | None:
    """The organisation's own accounts, whole but for the secret, which only the desk has. No fault ever quotes it."""
    if not isinstance(table, dict):
        faults.append("oidc: write it as a table: [oidc], and under it issuer and client_id.")
        return None
    given = {key: str(value) for key, value in table.items()}
    given |= {key: environ[name] for key, name in OIDC_VARIABLES.items() if environ.get(name)}
    secret = environ.get(OIDC_SECRET, "")
    if not given and not secret:
        return None
    if any("secret" in key for key in given):
        faults.append(f"[oidc] holds a secret: take it out, and set {OIDC_SECRET} in the environment instead.")
    unknown = sorted(key for key in set(given) - set(OIDC_VARIABLES) if "secret" not in key)
    faults += [f"[oidc]: “{_on_one_line(key)}” is not a setting." for key in unknown]
    issuer, client_id = given.get("issuer", ""), given.get("client_id", "").strip()
    if not _is_issuer(issuer):
        faults.append(
            f"[oidc] issuer: “{_on_one_line(issuer)}” is not an address like https://login.example.org/realm."
        )
    if not client_id or not client_id.isascii():
        faults.append("[oidc] client_id is missing.")
    if not secret.isascii():
        faults.append(f"[oidc]: {OIDC_SECRET} must be plain letters, digits and signs.")
    name = _on_one_line(given.get("name", "")) or "your organisation’s account"
    return OutsideDirectory(issuer, client_id, name, secret)


def _is_issuer(text: str) -> bool:
    """An https address without query; unencrypted within this machine only."""
    try:
        parts = urlsplit(text)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    here = _LOOPBACK.fullmatch(parts.hostname or "") is not None
    plain = re.fullmatch(r"[\w.~/\-]*", parts.path, re.ASCII) is not None and text == origin + parts.path
    return plain and _is_origin(origin) and (parts.scheme == "https" or here)


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
    if not _is_url(url, ("sqlite:///", *_POSTGRESQL)):
        faults.append(f"The {name} store must be a sqlite:/// or postgresql:// address.")
    return url


def _released_url(value: object, main_url: str, faults: list[str]) -> str | None:
    """The second login of the main store. SQLite has no logins: there a connection is kept to its tables by itself."""
    url = str(value)
    if not url:
        return None
    if not _is_url(main_url, _POSTGRESQL) or not _is_url(url, _POSTGRESQL):
        faults.append("RELEASED_URL is for a main store on PostgreSQL: a postgresql:// address of it.")
        return url
    own, main = make_url(url), make_url(main_url)
    if own.username == main.username:
        faults.append("RELEASED_URL must name a login of its own: what leaders read is kept apart by its rights.")
    if (own.database, own.host, own.port) != (main.database, main.host, main.port):
        faults.append("RELEASED_URL must name the same database as DATABASE_URL, with another login.")
    return url


def _is_url(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        make_url(url)
        return url.startswith(schemes)
    except (ArgumentError, ValueError):
        return False
