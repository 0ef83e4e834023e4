"""The forms of deleting what is due, and of a legal hold."""

import datetime as dt
import re

from wtforms import Field, HiddenField, ValidationError

from concerns.pages.forms import DeskForm
from concerns.people.fields import StepForm, day, text
from concerns.triage.retaining import rules


class DeleteForm(DeskForm):
    """The flags that the page showed, and how far she is: `ask`, then `really`."""

    threads = HiddenField()
    step = HiddenField()

    @property
    def thread_ids(self) -> list[bytes]:
        named = re.findall(r"\b[0-9a-f]{32}\b", self.threads.data or "")
        return [bytes.fromhex(one) for one in named[: rules.MOST]]


class HoldForm(StepForm):
    """Until when the law wants it kept, and which law or order that is."""

    until = day("Keep it until", "Keep it until: enter a day, as in 2027-12-24")
    reason = text(
        "Reason", "Give the reason: which law or order it is. The second guardian reads it", rules.REASON_BYTES
    )

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self.today = today

    def validate_until(self, field: Field) -> None:
        last = rules.last_day_of_hold(self.today)
        if not self.today <= field.data <= last:
            raise ValidationError("Keep it until: choose a day from today on, and at most twelve months ahead")
