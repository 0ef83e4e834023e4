"""The form that asks to read everybody's entries."""

from wtforms import Field, TextAreaField, ValidationError

from concerns.audit.requests import ROOM
from concerns.pages.forms import DeskForm
from concerns.sealing.text import tidy


class AskForm(DeskForm):
    """Why everybody's entries should be read."""

    reason = TextAreaField("Why do you want to read them?", filters=[lambda value: tidy(value or "")])

    def validate_reason(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Say why you want to read them")
        over = len(field.data.encode(errors="replace")) - ROOM
        if over > 0:
            raise ValidationError(f"The reason is {over:,} characters too long: nothing is lost, shorten it")
