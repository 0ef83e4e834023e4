"""Looks at the certificates of the public addresses, on demand, and remembers until when they last."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from concerns.areas.queries import organisation
from concerns.audit.rules import in_words
from concerns.founding import traces
from concerns.founding.finding import Finding, asks
from concerns.store.house import House

#: days before its end at which a certificate should long have been renewed, and at which that is a fault
SOON, TOO_SOON = 14, 3
#: days after which what was seen is old
OLD = 31
PATIENCE = 5.0
NAME = "certificates"


def origins(house: House) -> list[str]:
    """The https addresses of both doors. An onion address needs no certificate."""
    return sorted({one for one in (*house.report_origins, house.desk_origin) if one.startswith("https://")})


def look(house: House, trusted: ssl.SSLContext | None = None) -> None:
    """Ask each of our own addresses for its certificate, for a few seconds at most, and remember what came of it."""
    seen = {origin: _seen(origin, trusted or ssl.create_default_context()) for origin in origins(house)}
    traces.keep(house, NAME, {"day": house.today().isoformat(), "seen": seen})


def problems(house: House) -> Iterator[Finding]:
    """What was seen when somebody last looked. Nothing is asked for here: a check must not call anybody."""
    wanted, kept = origins(house), traces.kept(house).get(NAME) or {}
    if not wanted:
        yield from _without(house)
        return
    try:
        day, seen = dt.date.fromisoformat(kept["day"]), dict(kept["seen"])
    except (TypeError, KeyError, ValueError):
        day, seen = None, {}
    for origin in wanted:
        yield _finding(origin, seen, day, house.today())


def _without(house: House) -> Iterator[Finding]:
    with house.stores.read_main() as main:
        real = not organisation(main).rehearsal
    hosts = [urlsplit(one).hostname or "" for one in house.report_origins]
    if real and not all(host.endswith(".onion") or host in {"127.0.0.1", "::1", "localhost"} for host in hosts):
        yield Finding(
            "certificate", False, "The report door has an address without https: what staff send can be read."
        )


def _finding(origin: str, seen: Mapping[str, Mapping[str, str]], day: dt.date | None, today: dt.date) -> Finding:
    found = seen.get(origin)
    if day is None or not isinstance(found, dict):
        return asks(
            "certificate", f"Nobody has looked at the certificate of {origin} yet: the health page has a button."
        )
    looked = f"looked at on {in_words(day)}"
    if "until" not in found:
        return Finding("certificate", False, f"{origin}: {found.get('fault')}; {looked}.")
    until = dt.date.fromisoformat(found["until"])
    words = f"The certificate of {origin} lasts until {in_words(until)}, {looked}."
    left = (until - today).days
    if left < TOO_SOON:
        return Finding("certificate", False, f"{words} Renew it now.")
    if left < SOON or (today - day).days > OLD:
        return asks("certificate", f"{words} {'Renew it.' if left < SOON else 'Look at it again.'}")
    return Finding("certificate", True, words)


def _seen(origin: str, trusted: ssl.SSLContext) -> dict[str, str]:
    parts = urlsplit(origin)
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), PATIENCE) as plain,
            trusted.wrap_socket(plain, server_hostname=host) as secure,
        ):
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        return {"fault": f"its certificate is refused: {error.verify_message}"}
    except (OSError, KeyError, ValueError):
        return {"fault": "it could not be reached from this machine"}
    return {"until": dt.datetime.fromtimestamp(ends, dt.UTC).date().isoformat()}
