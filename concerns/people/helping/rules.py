"""Turns a page of the documentation into a page of the desk; nothing is written twice, so help and docs cannot differ."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: the classes of each kind of element
CLASSES = {
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
    "img": "desk-guide__picture",
    "pre": "desk-guide__code",
}

#: where a link or a picture leads on the desk; None for what stands in the documentation alone
Where = Callable[[str], str | None]


@dataclass(frozen=True)
class Guide:
    """One page: its title, and the rest as HTML."""

    title: str
    html: str


def folder() -> Path:
    """Inside the package when it is installed, beside it in a working copy."""
    package = Path(__file__).parents[2]
    inside = package / "docs"
    return inside if inside.is_dir() else package.parent / "docs"


def guide_of(text: str, where: Where) -> Guide:
    """A page written in Markdown (CommonMark with tables). Raw HTML in it stays text."""
    tokens = _reader().parse(text)
    title = next(later.content for token, later in pairwise(tokens) if token.type == "heading_open")
    start = next(place for place, token in enumerate(tokens) if token.type == "heading_close") + 1
    shown = list(_scrolled(_dressed(tokens[start:], where)))
    return Guide(title, _reader().renderer.render(shown, _reader().options, {}))


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _dressed(tokens: list[Token], where: Where) -> list[Token]:
    """Each element with its class, each link where it leads here."""
    for token in tokens:
        if token.nesting >= 0 and token.tag in CLASSES:
            token.attrJoin("class", CLASSES[token.tag])
        if token.type == "fence":
            token.attrJoin("class", CLASSES["pre"])
        if token.children:
            token.children = list(_led(_dressed(token.children, where), where))
    return tokens


def _led(tokens: list[Token], where: Where) -> Iterator[Token]:
    dropped = False
    for token in tokens:
        if token.type == "link_open":
            address = where(str(token.attrs["href"]))
            dropped = address is None
            if address is not None:
                token.attrSet("href", address)
        if token.type == "image":
            address = where(str(token.attrs["src"]))
            if address is not None:
                token.attrSet("src", address)
                yield token
        elif not (dropped and token.type in ("link_open", "link_close")):
            yield token


def _scrolled(tokens: list[Token]) -> Iterator[Token]:
    """A wide table scrolls within itself on a phone, also by keyboard; it is called after the heading above it."""
    heading, number = "", 0
    for before, token in pairwise([Token("begin", "", 0), *tokens]):
        if before.type == "heading_open":
            heading = "".join(part.content for part in token.children or ())
        if token.type == "table_open":
            number += 1
            name = f"Table {number}: {heading}"
            yield _open({"class": "desk-guide__wide", "tabindex": "0", "role": "region", "aria-label": name})
        yield token
        if token.type == "table_close":
            yield Token("guide_close", "div", -1, block=True)


def _open(attributes: Mapping[str, str]) -> Token:
    return Token("guide_open", "div", 1, attrs=dict(attributes), block=True)
