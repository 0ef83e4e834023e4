"""The two forms' ancestors: the report door trusts Fetch Metadata, the desk trusts Flask-WTF's token."""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask import Request, abort, current_app, request
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SelectMultipleField
from wtforms.csrf.core import CSRF

ITEM_BYTES = 16

_ILLEGIBLE = re.compile("[\0\ud800-\udfff]")


def comes_from_us(asked: Request, origins: Collection[str]) -> bool:
    """Whether a browser says that one of our own pages sent this request.

    Every browser since 2023 sends `Sec-Fetch-Site`; an older one sends `Origin` with a POST. One that sends neither is refused.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return asked.headers.get("Origin") in origins


def refuse_foreign_posts() -> None:
    """Run before every request of the report door: anything that may change something must come from our own page."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if not comes_from_us(request, current_app.extensions["concerns.pages"].origins):
        abort(403)


class FetchMetadata(CSRF):  # type: ignore[misc]  # wtforms ships no types
    """Protection without token, session or secret: the check is made when the form is built."""

    def setup_form(self, form: Form) -> list[tuple[str, Any]]:  # noqa: ARG002  # its signature is given
        refuse_foreign_posts()
        return []


class ReportForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Ancestor of the report door's forms."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # see above
        csrf = True
        csrf_class = FetchMetadata
        csrf_context = None


class DeskForm(FlaskForm):  # type: ignore[misc]  # see above
    """Ancestor of the desk's forms; a page renders its token with `{{ form.csrf_token }}`."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse, in words, what no store can hold and no page can show: a NUL, or half a character."""
        for field in self:
            # what is no choice, no day and no number is named or comes back as it was typed
            if isinstance(field, SelectMultipleField):
                field.data = _legible(field.data or ())
            if field.raw_data:
                field.raw_data = _legible(field.raw_data)
        good = bool(super().validate(*args, **kwargs))
        for field in self:
            if isinstance(field.data, str) and field.data != legible(field.data):
                field.data = legible(field.data)
                field.errors = [f"{field.label.text}: take out the characters that cannot be read"]
                good = False
        return good


class OnceForm(DeskForm):
    """Ancestor of the forms that store once, however often they are sent: a double tap sends the same item."""

    item = HiddenField()

    def __init__(self, *, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data={"item": secrets.token_hex(ITEM_BYTES), **(data or {})}, **kwargs)

    @property
    def item_bytes(self) -> bytes:
        """What makes this form's envelopes its own; a form that lost it gets a new one."""
        try:
            item = bytes.fromhex(self.item.data or "")
        except ValueError:
            item = b""
        return item if len(item) == ITEM_BYTES else secrets.token_bytes(ITEM_BYTES)


def legible(text: str) -> str:
    """A text with a mark in place of each NUL and each half of a character."""
    return _ILLEGIBLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _legible(values: Iterable[Any]) -> list[Any]:
    return [legible(one) if isinstance(one, str) else one for one in values]
