"""The form of the very first page: the organisation, its sector, and the admin's account."""

from wtforms import Field, RadioField, StringField, ValidationError

from concerns.areas.rules import has_controls
from concerns.people.fields import choices, tidied
from concerns.people.forms import AccountForm, WelcomeForm
from concerns.themes.packs import SECTORS, load_pack

LONGEST_ORGANISATION = 200


class BeginForm(WelcomeForm, AccountForm):
    """Everything that founding asks; what else there is to settle has pages of its own."""

    organisation = StringField("Name of the organisation", filters=[tidied])
    sector = RadioField(
        "Sector", choices=choices({sector: load_pack(sector).name for sector in SECTORS}), validate_choice=False
    )

    def validate_organisation(self, field: Field) -> None:
        if not field.data or len(field.data) > LONGEST_ORGANISATION or has_controls(field.data):
            raise ValidationError(
                f"Enter the organisation’s name, at most {LONGEST_ORGANISATION} characters on one line"
            )

    def validate_sector(self, field: Field) -> None:
        if field.data not in SECTORS:
            raise ValidationError("Choose a sector: its themes, numbers to ring and wording are a start")
