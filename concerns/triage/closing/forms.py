"""The form of closing a period: what counts, and when, is settled by the policy and the calendar."""

from wtforms import BooleanField, HiddenField, ValidationError
from wtforms.validators import InputRequired

from concerns.disclosure.history import Step
from concerns.pages.forms import DeskForm


class CloseForm(DeskForm):
    """Before the first freeze nothing is asked; then whether the last one was compared with the print of it."""

    compared = BooleanField(
        validators=[InputRequired("Compare the last freeze with your print, then tick that you did")]
    )
    #: the head that stood on the page
    head = HiddenField()

    def __init__(self, previous: Step | None) -> None:
        super().__init__()
        self._now = "" if previous is None else previous.line.head.hex()
        if previous is None:
            del self.compared
        else:
            self.compared.label.text = (
                f"I compared this with the print of {previous.period}: line {previous.line.number}, {self._now[:8]}…"
            )

    def validate_compared(self, _field: BooleanField) -> None:
        """Another period may have been frozen since the page was shown: what was compared is the last one no more."""
        if self.head.data != self._now:
            raise ValidationError("Another period was frozen since this page was shown. Compare that one too")

    def show(self) -> None:
        """Put the newest head on the page; a box that was ticked for another one is empty again."""
        if self.compared and self.head.data != self._now:
            self.compared.data = False
        self.head.data = self._now
