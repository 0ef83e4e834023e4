"""The forms of recovery shares: to whom they go, two of them typed in, and a new passphrase."""

from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField, ValidationError

from concerns.pages.forms import DeskForm
from concerns.people.forms import LONGEST_NAME, WelcomeForm

ROLES = "In management, or an admin here"


def _one_line(value: str | None) -> str:
    return " ".join((value or "").split())


class CustodiansForm(DeskForm):
    """Three people, each of whom keeps one share."""

    first = StringField("First custodian", filters=[_one_line])
    first_leads = BooleanField(ROLES)
    second = StringField("Second custodian", filters=[_one_line])
    second_leads = BooleanField(ROLES)
    third = StringField("Third custodian", filters=[_one_line])
    third_leads = BooleanField(ROLES)

    @property
    def names(self) -> list[str]:
        return [self.first.data, self.second.data, self.third.data]

    def validate_first(self, field: Field) -> None:
        if not field.data or len(field.data) > LONGEST_NAME:
            raise ValidationError(f"{field.label.text}: enter a name")

    validate_second = validate_third = validate_first

    def validate_third_leads(self, _field: Field) -> None:
        if len({name.casefold() for name in self.names}) < len(self.names):
            raise ValidationError("Name three different people")
        if sum((self.first_leads.data, self.second_leads.data, self.third_leads.data)) > 1:
            raise ValidationError(
                "At most one of the three may be in management or an admin: two shares open your flags"
            )


class SharesForm(DeskForm):
    """Two shares."""

    one_share = TextAreaField("One share", filters=[_one_line])
    other_share = TextAreaField("Another share", filters=[_one_line])

    @property
    def shares(self) -> list[str]:
        return [self.one_share.data, self.other_share.data]

    def validate_one_share(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(f"{field.label.text}: enter its 33 words")

    validate_other_share = validate_one_share


class RecoverForm(SharesForm, WelcomeForm):
    """Two shares, a new passphrase and a new second factor."""


class PlaceForm(DeskForm):
    """A button that goes on from a place."""

    after = HiddenField()
