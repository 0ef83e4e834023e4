"""The forms of stepping back from a flag, and of handing flags to a newcomer."""

from wtforms import Field, SelectMultipleField, TextAreaField, ValidationError

from concerns.pages.forms import OnceForm
from concerns.sealing.text import tidy
from concerns.triage.rules import REASON_LIMIT


class ConflictForm(OnceForm):
    """Why she steps back, if she wants to say."""

    reason = TextAreaField("Why? You need not say", filters=[lambda text: tidy(text or "")])

    def validate_reason(self, field: Field) -> None:
        over = len(field.data.encode()) - REASON_LIMIT
        if over > 0:
            raise ValidationError(f"Take out at least {over} characters")


class HandingForm(OnceForm):
    """Which of the flags on the page must not go to the newcomer, because they concern that person."""

    leave_out = SelectMultipleField("Leave out", choices=[], validate_choice=False)
