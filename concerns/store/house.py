"""What every view is given: the stores, the clock and the instance's folder."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app

from concerns.store.handing import Handing
from concerns.store.session import Stores

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The real clock. Another one comes in through the factories only, or anybody could close a period early."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class MailServer:
    """Who takes the letters to guardians and overseers."""

    host: str
    port: int
    #: the address in the letters' “From”
    sender: str
    user: str
    password: str = field(repr=False)
    #: "starttls", "tls" from the first byte, or "none" within this machine
    tls: str


@dataclass(frozen=True)
class OutsideDirectory:
    """The organisation's own accounts (OpenID Connect), for everybody but guardians."""

    #: exactly as the provider writes it
    issuer: str
    client_id: str
    #: what the sign-in page calls it
    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class House:
    """The stores, the clock (aware, UTC), the folder and the public addresses of one instance."""

    stores: Stores
    clock: Clock
    directory: Path
    #: "https://concerns.example.org", no slash at the end; the onion address too
    report_origins: tuple[str, ...]
    desk_origin: str
    #: "/desk/" beside the report door, "/" on a host of its own
    desk_path: str
    #: what closes leave for the guardians, for those who change who they are
    handing: Handing
    #: None where no letters are sent
    mail: MailServer | None = None
    #: None where nobody signs in through the organisation's own accounts
    outside: OutsideDirectory | None = None

    def today(self) -> dt.date:
        return self.clock().date()


def house() -> House:
    """The house of the application that is answering this request."""
    found: House = current_app.extensions["concerns"]
    return found


def week_of(day: dt.date) -> dt.date:
    """The Monday of a day's week: the finest time kept about a reporter."""
    return day - dt.timedelta(days=day.weekday())
