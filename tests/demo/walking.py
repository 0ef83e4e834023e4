"""Goes through all pages that somebody at the desk can reach by links, and sends odd values from their forms."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from concerns.pages.requests import FORM
from tests.police import SAME_ORIGIN, Page, PoliceClient, check_headers, check_html, every, filled_in

#: of one route so many addresses are looked at
EACH = 2
#: these end what a walk needs
NOT_SENT = {"/sign-out"}
#: what an admin names stands on pages as a text of ours, with the quotation marks that she typed
NAMED, QUOTES = "/set-up/", set("'\"")
ODD = (
    *("", " ", "'", '"', "<b>&amp;", "a\0b", "\ufeff", "\u202egnirts", "\ud83d", "😀😀", "x" * 5000, "é" * 200),
    *("0", "-1", "1", "9" * 30, "1e9", "NaN", "½", "²", "٣", "2026-02-30", "9999-12-31", "0001-01-01", "31 April 2026"),
    *("=1+1", "%s", "{{7*7}}", "../..", "'; DROP TABLE x;--", "https://x", "http://[", "a@b", "#000000", "#zzzzzz"),
    *("on", "yes", "other", "N02", "None", "0" * 32, "f" * 64, "a\r\nb", "a,b\nc,d", "Ward A\t12\nWard B\tx"),
)
FILES = (b"", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"a,b\n1,2", b"\xff" * 100)
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Sent:
    """What a form sends: a query, fields as a browser writes them, or fields and files."""

    method: str
    path: str
    fields: dict[str, list[str]]
    files: dict[str, bytes] | None

    def by(self, client: PoliceClient) -> TestResponse:
        """The answer to it."""
        body = "&".join(f"{_quoted(name)}={_quoted(one)}" for name, values in self.fields.items() for one in values)
        if self.method == "get":
            return client.client.get(f"{self.path.split('?')[0]}?{body}")
        if self.files is None:
            return client.client.post(self.path, data=body, content_type=FORM, headers=SAME_ORIGIN)
        files = {name: (io.BytesIO(data), "x.csv") for name, data in self.files.items()}
        plain = {name: [_sendable(one) for one in values] for name, values in self.fields.items()}
        return client.client.post(self.path, data={**plain, **files}, headers=SAME_ORIGIN)


def walk(app: Flask, client: PoliceClient, seed: str, sign_in: Callable[[], object]) -> tuple[int, int]:
    """Looks at every page and sends odd values from each form; returns how many of both. Every answer is sound."""
    pages, sent = list(pages_of(app, client)), 0
    for page in pages:
        for odd in odd_ones(seed, page):
            answer = odd.by(client)
            sound(answer)
            sent += 1
            if "/sign-in" in answer.headers.get("Location", ""):  # it ended the visitor's own session
                sign_in()
    return len(pages), sent


def pages_of(app: Flask, client: PoliceClient) -> Iterator[Page]:
    """Every page, each sound, with at most `EACH` addresses of a route."""
    todo, met, looked = ["/"], {"/"}, Counter[str]()
    while todo:
        answer = client.client.get(todo.pop(0))
        page = sound(answer)
        links = [a.get("href", "") for a in page.tree.iter("a")] if page else [answer.headers.get("Location", "")]
        for link in links:
            path = _path(answer, link)
            route = _route(app, path)
            if path not in met and route and looked[route] < EACH:
                met.add(path)
                looked[route] += 1
                todo.append(path)
        if page is not None:
            yield page


def odd_ones(seed: str, page: Page) -> Iterator[Sent]:
    """Each form of the page once: one of its buttons, and odd values in some of its fields, the same for every run."""
    for number, form in enumerate(page.tree.find(".//main").iter("form")):
        rng = Random(f"{seed} {number} {_ID.sub('', page.response.request.path)}")
        fields: dict[str, list[str]] = {
            name: value if isinstance(value, list) else [value] for name, value in filled_in(form).items()
        }
        buttons = list(form.iter("button"))
        button: Any = rng.choice(buttons) if buttons else {}
        if button.get("name"):
            fields[button.get("name")] = [button.get("value", "")]
        controls = every(form, "input", "textarea", "select")
        files = {one.get("name"): rng.choice(FILES) for one in controls if one.get("type") == "file"}
        names = sorted({one.get("name") for one in controls if one.get("name")} - {"csrf_token", *files})
        for name in rng.sample(names, min(len(names), rng.choice([1, 1, 2, 3, len(names)]))):
            fields[name] = rng.choices(ODD, k=rng.choice([1, 1, 2]))
        path = _path(page.response, button.get("formaction") or form.get("action") or "")
        if path.startswith(NAMED):
            fields = {name: [one for one in values if not QUOTES & set(one)] for name, values in fields.items()}
        if path not in NOT_SENT:
            yield Sent(form.get("method", "get").lower(), path, fields, files or None)


def sound(answer: TestResponse) -> Page | None:
    """An answer as the police wants it; None where it leads on or is a file."""
    assert answer.status_code < 500, f"{answer.request.path}: {answer.status}"
    check_headers(answer, traceless=False)
    if answer.mimetype != "text/html" or "Location" in answer.headers:
        return None
    return Page(answer, check_html(answer.text))


def _path(answer: TestResponse, link: str) -> str:
    """Where a link leads, below the desk; empty for another place."""
    here = urlsplit(answer.request.url)
    there = urlsplit(urljoin(answer.request.url, link))
    root = answer.request.script_root + "/"
    if there.netloc != here.netloc or not there.path.startswith(root):
        return ""
    return there.path.removeprefix(root[:-1]) + (f"?{there.query}" if there.query else "")


def _route(app: Flask, path: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0])
    except HTTPException:
        return ""


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode(errors="surrogatepass"))


def _sendable(text: Any) -> str:
    return str(text).encode(errors="replace").decode()
