"""The forms of a person's own account."""

from wtforms import Field, HiddenField, PasswordField, StringField, ValidationError

from concerns.pages.forms import DeskForm
from concerns.people.fields import tidied
from concerns.people.forms import ChosenForm


def given(_form: DeskForm, field: Field) -> None:
    """The passphrase that she has must be there; whether it is right is looked at once nothing else is wrong."""
    if not field.data:
        raise ValidationError("Enter your passphrase")


def six_digits(_form: DeskForm, field: Field) -> None:
    digits = "".join((field.data or "").split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise ValidationError("Enter the six digits that your authenticator app shows")


class PassphraseForm(ChosenForm):
    """The passphrase that she has, and another one twice."""

    old_passphrase = PasswordField("Your passphrase now", validators=[given])
    passphrase = PasswordField("New passphrase")
    again = PasswordField("The same new passphrase again")


class AppForm(DeskForm):
    """Her passphrase, and the first code of another authenticator app."""

    old_passphrase = PasswordField("Your passphrase", validators=[given])
    #: made when the page is first shown; she has it anyway
    totp = HiddenField()
    code = StringField("Six-digit code", filters=[tidied], validators=[six_digits])


class SessionForm(DeskForm):
    """A button that ends one session, or all but this one."""

    mark = HiddenField()
