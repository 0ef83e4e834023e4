"""The one button of closing a period."""

from concerns.pages.forms import DeskForm


class CloseForm(DeskForm):
    """Nothing is asked: what counts, and when, is settled by the policy and the calendar."""
