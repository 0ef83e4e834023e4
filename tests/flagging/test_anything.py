"""Whatever is posted to the door, it neither breaks nor loses a text that somebody can see."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from concerns.flagging.rules import CONSENTS, DANGER, TEXT_LIMIT, WORRIES, says_something
from concerns.pages.furniture import REPORT_BODY_LIMIT
from concerns.pages.requests import FORM
from concerns.sealing.receipt import digits_of, read_receipt
from tests.flagging.conftest import Rosa, thread_of, words_on
from tests.police import SAME_ORIGIN, Page, check_headers, check_html

pytestmark = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)

FRESH = digits_of(bytes(range(10)))
#: stands for the receipt of the concern that was told before
TOLD = "a receipt in use"
KNOWN = {
    "danger": DANGER,
    "area": ("ward-1", "not-said"),
    "worry": WORRIES,
    "consent": CONSENTS,
    "step": ("check", "change", "send", "add", "open"),
    "receipt": (TOLD, FRESH, "1" * 28, "some words of mine"),
    "item": ("abc",),
}
values = st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode), st.just(b"x" * 30_000))
known = st.sampled_from([(name.encode(), value.encode()) for name, offered in KNOWN.items() for value in offered])
others = st.one_of(
    known, st.tuples(st.sampled_from([name.encode() for name in KNOWN]), values), st.tuples(values, values)
)
texts = st.one_of(
    st.text(min_size=1, max_size=300),
    st.text('aé‘\n\r\t"&<>\\\0\x1f\u200b😀', min_size=1, max_size=300),
    st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=20), st.integers(1, 600)),
).filter(lambda text: says_something(text) and len(text.encode()) <= TEXT_LIMIT)
many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def post(rosa: Rosa, path: str, pairs: list[tuple[bytes, bytes]], raw: bool = False) -> Page:
    """Post these fields, as a browser writes them or with their bytes as they are."""
    write = bytes if raw else lambda part: quote_from_bytes(part).encode()
    rosa.wait()  # this minute's look-ups are another's
    body = b"&".join(write(name) + b"=" + write(value) for name, value in pairs)
    answer = rosa.client.client.post(path, data=body, content_type=FORM, headers=SAME_ORIGIN)
    assert answer.status_code < 500
    check_headers(answer, traceless=True)
    return Page(answer, check_html(answer.text))


def with_receipt(pairs: list[tuple[bytes, bytes]], words: str) -> list[tuple[bytes, bytes]]:
    digits = digits_of(read_receipt(words)).encode()
    return [(name, digits if value == TOLD.encode() else value) for name, value in pairs]


def shown(page: Page) -> Iterator[str]:
    """Every text on a page that somebody typed: in a form, hidden in one, or to be read."""
    for element in page.tree.find(".//main").iter():
        if element.tag == "input":
            yield element.get("value", "")
        elif element.tag == "textarea" or element.get("translate") == "no":
            yield "".join(element.itertext())


def seen(text: str) -> list[str]:
    """The letters that a person sees; what is none at all may have got a sign in its place."""
    return [letter for letter in text if letter.isprintable() and not letter.isspace() and letter != "\ufffd"]


def kept(rosa: Rosa, page: Page) -> list[list[str]]:
    """What there is of the text after this answer: on the page, or sealed where it says that it was sent."""
    if page.h1 == "Sent. These are your nine words":
        return [seen(str(thread_of(rosa.instance, words_on(page)).flag["text"]))]
    return [seen(text) for text in shown(page)]


@pytest.fixture
def told(rosa: Rosa) -> str:
    return rosa.tell("Told before.")


@many
@given(text=texts, pairs=st.lists(others, max_size=6))
@example(text="One.", pairs=[(b"receipt", TOLD.encode()), (b"step", b"send")])
@example(text="\ufeffx", pairs=[(b"step", b"send"), (b"receipt", FRESH.encode())])
@example(text="\nx\n", pairs=[(b"area", b"\xff"), (b"danger", b"no"), (b"danger", b"yes")])
@example(text="0", pairs=[(b"area", b'"')])
def test_a_text_told_is_kept(rosa: Rosa, told: str, text: str, pairs: list[tuple[bytes, bytes]]) -> None:
    stamp = rosa.stamp()
    page = post(rosa, "/tell", with_receipt([*pairs, (b"stamp", stamp), (b"text", text.encode())], told))
    assert seen(text) in kept(rosa, page)


@many
@given(text=texts, pairs=st.lists(others, max_size=6))
@example(text="One.", pairs=[(b"receipt", TOLD.encode())])
@example(text="One.", pairs=[(b"receipt", TOLD.encode()), (b"item", b"\0\xff")])
def test_a_text_added_is_kept(rosa: Rosa, told: str, text: str, pairs: list[tuple[bytes, bytes]]) -> None:
    page = post(rosa, "/return", with_receipt([*pairs, (b"text", text.encode())], told))
    assert seen(text) in kept(rosa, page)


@many
@given(
    path=st.sampled_from(["/tell", "/return"]),
    pairs=st.lists(others | st.tuples(st.just(b"text"), values)),
    raw=st.booleans(),
)
def test_nothing_breaks_the_door(rosa: Rosa, told: str, path: str, pairs: list[tuple[bytes, bytes]], raw: bool) -> None:
    post(rosa, path, with_receipt(pairs, told), raw)


@pytest.mark.parametrize("path", ["/tell", "/return"])
def test_what_is_far_too_long_is_refused_or_comes_back_whole(rosa: Rosa, path: str) -> None:
    words = "x" * (REPORT_BODY_LIMIT - 100)
    page = post(rosa, path, [(b"text", words.encode())])
    assert page.status == 200
    assert words in [text.strip() for text in shown(page)]
    assert post(rosa, path, [(b"text", b"x" * REPORT_BODY_LIMIT)]).status == 413


def test_a_sequence_of_any_fields_stores_only_what_was_sent(rosa: Rosa, told: str) -> None:
    for step in ("check", "change", "add", "open", "", "nonsense"):
        post(rosa, "/tell", [(b"text", b"Never sent."), (b"step", step.encode())])
    thread: Any = thread_of(rosa.instance, told)
    assert [row.header.kind.name for row in thread.rows] == ["FLAG"]
