"""A test client that looks every HTML page over: markup, headings, ids, labels, quotes, headers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from concerns.pages.headers import HEADERS, WITH_PASSKEYS

#: what people typed, words to copy and code keep their quotes as they are
VERBATIM = {"script", "style", "pre", "code", "kbd", "samp", "textarea", "option"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Page:
    """One answer, with what a person would see of it."""

    response: TestResponse
    tree: Any = field(repr=False)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def location(self) -> str:
        """Where a redirect leads, as a path."""
        parts = urlsplit(self.response.headers["Location"])
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def h1(self) -> str:
        return words(self.tree.find(".//h1"))

    @property
    def text(self) -> str:
        """Everything inside `main`, in one line."""
        return words(self.tree.find(".//main"))

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        return [words(item) for item in self.with_class("govuk-error-summary__list") for item in item.iter("li")]

    def with_class(self, name: str) -> list[Any]:
        return [element for element in self.tree.iter() if name in str(element.get("class", "")).split()]

    def links(self) -> dict[str, str]:
        return {words(link): link.get("href", "") for link in self.tree.iter("a")}

    def form(self, number: int | None = None, action: str | None = None, button: str | None = None) -> Any:
        """A form of the page: the only one inside `main`, or the one with this place, action or button."""
        forms = [f for f in self.tree.find(".//main").iter("form") if action is None or f.get("action") == action]
        if len(forms) > 1 and button is not None and number is None:
            forms = [f for f in forms if any(words(one) == button for one in f.iter("button"))]
        assert forms, "no such form on the page"
        assert number is not None or len(forms) == 1, "several forms: say which one"
        return forms[number or 0]


class PoliceClient:
    """Fetches pages as a browser of today would and fails when one breaks a rule of the house."""

    def __init__(self, client: FlaskClient, *, traceless: bool) -> None:
        self.client = client
        #: the report door: no cookie, nothing to recognise a visit by
        self.traceless = traceless

    def get(self, path: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
        return self._look(self.client.get(path, headers=dict(headers or {})), status)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Post as our own page would; give `headers` to play another."""
        sent = SAME_ORIGIN if headers is None else dict(headers)
        return self._look(self.client.post(path, data=dict(data or {}), headers=sent), status)

    def submit(
        self,
        page: Page,
        data: Mapping[str, Any] | None = None,
        *,
        button: str | None = None,
        status: int = 302,
        number: int | None = None,
        action: str | None = None,
    ) -> Page:
        """Fill in a form that stands on a page and press a button of it (by its words)."""
        form = page.form(number, action, button)
        filled: dict[str, Any] = filled_in(form) | pressed(form, button)
        known = {element.get("name") for element in every(form, "input", "textarea", "select")}
        unknown = set(data or {}) - known
        assert not unknown, f"the form has no field {sorted(unknown)}, only {sorted(filter(None, known))}"
        filled.update(data or {})
        target = urlsplit(urljoin(page.response.request.url, form.get("action") or ""))
        root = page.response.request.script_root
        path = target.path.removeprefix(root) + (f"?{target.query}" if target.query else "")
        if form.get("method", "get").lower() == "get":
            return self._look(self.client.get(path, query_string=filled), 200 if status == 302 else status)
        return self.post(path, filled, status)

    def _look(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.request.path}: {response.status}: {_summary(response)}"
        check_headers(response, traceless=self.traceless)
        if response.mimetype != "text/html" or status in {301, 302, 303, 307, 308}:
            return Page(response, None)
        return Page(response, check_html(response.text))


def filled_in(form: Any) -> dict[str, Any]:
    """What a browser would send of a form as it stands, without any button."""
    sent: dict[str, Any] = {}
    for element in every(form, "input", "textarea", "select"):
        name, kind = element.get("name"), element.get("type", "text")
        if not name or kind in {"submit", "button", "file"}:
            continue
        if element.tag == "textarea":
            sent[name] = (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            sent[name] = [o.get("value", words(o)) for o in chosen]
        elif kind in {"radio", "checkbox"}:
            if element.get("checked") is not None:
                sent.setdefault(name, []).append(element.get("value", "on"))
        else:
            sent[name] = element.get("value", "")
    return sent


def pressed(form: Any, button: str | None) -> dict[str, str]:
    """The name and value of a button, the first one if not said which."""
    buttons = [b for b in form.iter("button") if button is None or words(b) == button]
    assert buttons, f"no button “{button}”"
    return {buttons[0].get("name"): buttons[0].get("value", "")} if buttons[0].get("name") else {}


def every(element: Any, *tags: str) -> list[Any]:
    """All elements inside with one of these tags, in their order on the page."""
    return [inner for inner in element.iter() if inner.tag in tags]


def words(element: Any) -> str:
    """The text inside an element, in one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def check_headers(response: TestResponse, *, traceless: bool) -> None:
    where = response.request.path
    # one page asks the device for a passkey, while its question is open
    asks = where == "/sign-in/passkey" and response.status_code in {200, 422}
    for name, value in (HEADERS | ({"Permissions-Policy": WITH_PASSKEYS} if asks else {})).items():
        assert response.headers.get(name) == value, f"{where}: header {name}"
    if response.request.path.startswith("/static/") and response.status_code == 200:
        assert "immutable" in response.headers["Cache-Control"], where
    else:
        assert response.headers.get("Cache-Control") == "no-store", where
    if traceless:
        for name in ("Set-Cookie", "ETag", "Last-Modified"):
            assert name not in response.headers, f"{where}: header {name}"
        assert "cookie" not in response.headers.get("Vary", "").lower(), f"{where}: varies on a cookie"


def check_html(html: str) -> Any:
    """Parse a page strictly and judge it by the rules of the house. Returns its tree."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert not parser.errors, [(position, code, extra) for position, code, extra in parser.errors]
    for rule in (_headings, _ids, _forms, _nothing_inline, _quotes):
        rule(tree)
    return tree


def _headings(tree: Any) -> None:
    h1s = [words(h1) for h1 in tree.iter("h1")]
    assert len(h1s) == 1, f"h1: {h1s}"
    title = words(tree.find(".//title"))
    assert re.match(rf"(.{{1,30}}: )?{re.escape(h1s[0])}( – |$)", title), f"title {title!r}, h1 {h1s[0]!r}"
    assert tree.get("lang"), "the page does not say its language"


def _ids(tree: Any) -> None:
    counted = Counter(element.get("id") for element in tree.iter() if element.get("id") is not None)
    assert not [i for i, times in counted.items() if times > 1 or not i], (
        f"ids twice or empty: {counted.most_common(3)}"
    )
    for element in tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "headers"):
            missing = set((element.get(name) or "").split()) - set(counted)
            assert not missing, f"{name} of <{element.tag}> leads nowhere: {missing}"
        href = element.get("href") or ""
        assert not href.startswith("#") or href == "#" or href[1:] in counted, f"link {href} leads nowhere"


def _forms(tree: Any) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    for form in tree.iter("form"):
        assert form.get("action") or form.get("method"), "a form says neither action nor method"
    for control in every(tree, "input", "textarea", "select"):
        if control.get("type") in {"hidden", "submit", "button"}:
            continue
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        assert named, f"field {control.get('name')} has no label"
        if control.tag == "textarea" or (control.tag == "input" and control.get("type", "text") == "text"):
            for name, value in (("spellcheck", "false"), ("translate", "no")):
                assert control.get(name) == value, f"field {control.get('name')}: {name}"
            assert control.get("autocomplete"), f"field {control.get('name')}: autocomplete"


def _nothing_inline(tree: Any) -> None:
    for element in tree.iter():
        assert element.tag != "style", "an inline style sheet"
        assert element.tag != "script" or element.get("src"), "an inline script"
        wrong = [name for name in element.keys() if name == "style" or str(name).startswith("on")]  # noqa: SIM118
        assert not wrong, f"<{element.tag}> has {wrong}"
        assert not (element.get("href") or "").lower().startswith("javascript:"), "a script in a link"


def _quotes(tree: Any) -> None:
    for text in visible(tree):
        assert "'" not in text and '"' not in text, f"straight quotes in {' '.join(text.split())!r}"


def visible(element: Any) -> Iterator[str]:
    """Texts that we wrote; not what people typed, which stands in elements that are not to be translated."""
    if not isinstance(element.tag, str):
        return
    if element.tag not in VERBATIM and element.get("translate") != "no":
        yield element.text or ""
        for child in element:
            yield from visible(child)
            yield child.tail or ""


def _summary(response: TestResponse) -> str:
    if response.mimetype != "text/html":
        return response.text[:200]
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    found = [words(item) for item in tree.iter("li") if "#" in "".join(a.get("href", "") for a in item.iter("a"))]
    return f"{words(tree.find('.//h1'))} {found}"
