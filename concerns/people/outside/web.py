"""Small requests to the organisation's directory: nothing is followed, nothing is large, nothing lasts long."""

import json
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

#: of one process at the same time: where the directory hangs, the threads that serve pages must not all wait for it
AT_ONCE, PATIENCE = 2, 1.0
TIMEOUT = 5.0  # seconds for each answer
MOST_BYTES = 256 * 1024
_places = threading.BoundedSemaphore(AT_ONCE)
HERE = ("localhost", "127.0.0.1", "::1")


class Away(Exception):
    """The directory does not answer, or with something else than was asked for."""


class Crowded(Away):
    """It was not asked: so many are on their way there that this one did not come to it."""


@dataclass(frozen=True)
class Answer:
    """What came back, in the way in which Authlib reads it."""

    status_code: int
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise Away(f"the directory answers {self.status_code}")


class Web:
    """What Authlib calls a session: it posts a form, with the client's secret put in by Authlib."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Answer:
        url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return ask(url, sent, body.encode())


def fetch(url: str, bearer: str = "") -> dict[str, Any]:
    """A JSON object. Raises Away."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    answer = ask(url, headers)
    answer.raise_for_status()
    try:
        found = answer.json()
    except (ValueError, RecursionError) as error:
        raise Away("the directory sends no JSON") from error
    if not isinstance(found, dict):
        raise Away("the directory sends no JSON object")
    return found


def ask(url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """One request. Raises Away; no message holds an address, a header or a body."""
    if not is_safe(url):
        raise Away("an address of the directory is not https")
    if not _places.acquire(timeout=PATIENCE):
        raise Crowded("too many are on their way to the directory")
    try:
        request = urllib.request.Request(url, data=body, headers=dict(headers))  # noqa: S310 - looked at just above
        with _opener().open(request, timeout=TIMEOUT) as answer:
            return Answer(answer.status, _read(answer))
    except HTTPError as error:
        with error:
            return Answer(error.code, _read(error))
    except (OSError, HTTPException, ValueError) as error:
        raise Away("the directory cannot be reached") from error
    finally:
        _places.release()


def is_safe(url: object) -> bool:
    """https, or this machine itself."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    except ValueError:
        return False


def _opener() -> urllib.request.OpenerDirector:
    """Without redirects, files and FTP: what leads elsewhere is an answer like any other."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _read(answer: Any) -> bytes:
    content: bytes = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Away("the directory sends too much")
    return content
