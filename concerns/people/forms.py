"""The forms of signing in and of setting up an account."""

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)

from concerns.pages.forms import DeskForm
from concerns.people.fields import choices
from concerns.people.rules import (
    ROLE_NAMES,
    email_problem,
    normal_email,
    passphrase_problem,
    roles_problem,
    stand_in_problem,
)

LONGEST_NAME = 120


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class SignInForm(DeskForm):
    """Which of the three was wrong is never said."""

    email = StringField("E-mail address", filters=[_stripped])
    passphrase = PasswordField("Passphrase")
    code = StringField("Six-digit code", filters=[_stripped])
    wanted = HiddenField()
    #: "passkey" from the button that goes on without a code
    way = HiddenField()

    def validate_email(self, field: Field) -> None:
        problem = email_problem(normal_email(field.data))
        if problem is not None:
            raise ValidationError(problem)

    def validate_passphrase(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Enter your passphrase")

    def validate_code(self, field: Field) -> None:
        if self.way.data == "passkey":
            return
        digits = "".join(field.data.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
            raise ValidationError("Enter the six digits that your authenticator app shows")


class ChosenForm(DeskForm):
    """A passphrase that somebody chooses, twice."""

    passphrase = PasswordField("Passphrase")
    again = PasswordField("The same passphrase again")

    def validate_passphrase(self, field: Field) -> None:
        problem = passphrase_problem(field.data or "")
        if problem is not None:
            raise ValidationError(problem)

    def validate_again(self, field: Field) -> None:
        if (field.data or "") != (self.passphrase.data or ""):
            raise ValidationError("The two passphrases are not the same")


class WelcomeForm(ChosenForm):
    """A new passphrase, and the first code of a new second factor."""

    #: made when the page is first shown; the visitor has it anyway
    totp = HiddenField()
    code = StringField("Six-digit code", filters=[_stripped])

    def validate_code(self, field: Field) -> None:
        digits = "".join(field.data.split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
            raise ValidationError("Enter the six digits that your authenticator app shows")


class AccountForm(DeskForm):
    """An account that an admin makes."""

    name = StringField("Name, as staff know it", filters=[_stripped])
    email = StringField("E-mail address", filters=[_stripped])

    def validate_name(self, field: Field) -> None:
        if not field.data or len(field.data) > LONGEST_NAME:
            raise ValidationError(f"Enter a name of at most {LONGEST_NAME} characters")

    def validate_email(self, field: Field) -> None:
        problem = email_problem(normal_email(field.data))
        if problem is not None:
            raise ValidationError(problem)


class GuardianForm(AccountForm):
    """An account for somebody who shall become a guardian."""

    stand_in = BooleanField("A stand-in from outside")


class PersonForm(GuardianForm):
    """An account with any roles that go together."""

    roles = SelectMultipleField("Roles", choices=choices(ROLE_NAMES), validate_choice=False)

    def validate_roles(self, field: Field) -> None:
        problem = roles_problem(field.data or [])
        if problem is not None:
            raise ValidationError(problem)

    def validate_stand_in(self, field: Field) -> None:
        problem = stand_in_problem(self.roles.data or [], stand_in=field.data)
        if problem is not None:
            raise ValidationError(problem)


class PasteForm(DeskForm):
    """Several people at once, a row each."""

    rows = TextAreaField("People, one a line")


class ChangeForm(DeskForm):
    """A proposal about one person: `what` is one of those in `changes.py`."""

    what = HiddenField()
    person = HiddenField()
    older = BooleanField("Concluded flags from before may be handed over too")


class DocumentForm(DeskForm):
    """A button for the very document that was shown."""

    document = HiddenField()


class PressForm(DeskForm):
    """A button and its token."""
