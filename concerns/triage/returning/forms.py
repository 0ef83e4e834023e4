"""The one question before a return is made."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from concerns.pages.forms import DeskForm


class PartForm(DeskForm):
    """A total that leaves out what was told in person would be false."""

    entered = BooleanField(
        "Everything that we were told in person, by phone or on paper in these three months is entered",
        validators=[DataRequired("Confirm that what you were told in person is entered, or enter it first")],
    )
