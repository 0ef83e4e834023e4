"""The forms of passkeys."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import Length

from concerns.pages.forms import DeskForm
from concerns.people.fields import line
from concerns.people.own.forms import given

LONGEST_NAME = 60


class NameForm(DeskForm):
    """What a passkey is called."""

    name = line("Name of this passkey", "Give the passkey a name, such as “my phone”", LONGEST_NAME)


class AddForm(NameForm):
    """Her passphrase, before another way in is added."""

    old_passphrase = PasswordField("Your passphrase", validators=[given])


class RemoveForm(DeskForm):
    """Her passphrase, before a way in is taken away: whoever sits down at an open desk has none."""

    old_passphrase = PasswordField("Your passphrase", validators=[given])


class AnswerForm(DeskForm):
    """What the device answered; the script fills it in."""

    credential = HiddenField(validators=[Length(min=1, message="Your device has not answered. Try again")])
