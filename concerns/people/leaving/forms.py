"""The buttons on the page of one account."""

from wtforms import BooleanField, Field, HiddenField, ValidationError
from wtforms.validators import AnyOf

from concerns.pages.forms import DeskForm

LEAVE, BACK, END, UNBIND = "leave", "back", "end", "unbind"


class AccountPressForm(DeskForm):
    """Which button was pressed."""

    what = HiddenField(validators=[AnyOf([LEAVE, BACK, END, UNBIND])])
    #: an account that is shut has to be set up anew
    sure = BooleanField("I looked at the name above")

    def validate_sure(self, field: Field) -> None:
        if self.what.data == LEAVE and not field.data:
            raise ValidationError("Tick the box if this is the right person")
