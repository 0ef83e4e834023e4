"""The forms of stepping back from a flag, and of handing flags to a newcomer."""

import secrets

from wtforms import Field, HiddenField, SelectMultipleField, TextAreaField, ValidationError

from concerns.pages.forms import DeskForm
from concerns.sealing.text import from_text, tidy, to_text
from concerns.triage.rules import REASON_LIMIT

ITEM_BYTES = 16


class ItemForm(DeskForm):
    """A form that stores once, however often it is sent."""

    item = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        if not self.item.data or self.item_bytes == b"":
            self.item.data = to_text(secrets.token_bytes(ITEM_BYTES))

    @property
    def item_bytes(self) -> bytes:
        """The form's random item; empty where it is none of ours."""
        try:
            found = from_text(self.item.data or "")
        except ValueError:
            return b""
        return found if len(found) == ITEM_BYTES else b""


class ConflictForm(ItemForm):
    """Why she steps back, if she wants to say."""

    reason = TextAreaField("Why? You need not say", filters=[lambda text: tidy(text or "")])

    def validate_reason(self, field: Field) -> None:
        over = len(field.data.encode()) - REASON_LIMIT
        if over > 0:
            raise ValidationError(f"Take out at least {over} characters")


class HandingForm(ItemForm):
    """Which of the flags on the page must not go to the newcomer, because they concern that person."""

    leave_out = SelectMultipleField("Leave out", choices=[], validate_choice=False)
