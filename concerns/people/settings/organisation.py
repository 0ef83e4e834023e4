"""What the organisation is called, how many flags it expects, and who is named for staff side."""

import re

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length

from concerns.areas.model import Organisation
from concerns.areas.rules import LONGEST_ORGANISATION, MOST_FLAGS
from concerns.pages.forms import DeskForm
from concerns.people.fields import line, tidied
from concerns.people.settings.saving import OneLine, save, stored

#: once there may be a flag the guess stands: a table must not depend on what anybody heard of flags
GUESSED = ("launching", "real")
_NUMBER = re.compile(r"[0-9]{1,8}", re.ASCII)


class OrganisationForm(DeskForm):
    """Its name and the two other things that everybody may know."""

    name = line("Name of the organisation", "Enter the name of the organisation", LONGEST_ORGANISATION)
    flags_per_year = StringField("Flags that you expect in a year", filters=[tidied])
    staff_side = StringField(
        "Who is named for staff side (optional)",
        filters=[tidied],
        validators=[Length(max=200, message="Who is named for staff side: at most 200 characters"), OneLine()],
    )

    def validate_name(self, field: Field) -> None:
        OneLine()(self, field)

    def validate_flags_per_year(self, field: Field) -> None:
        digits = re.sub(r"[ ,\u00a0]", "", field.data)
        if not _NUMBER.fullmatch(digits) or not 1 <= int(digits) <= MOST_FLAGS:
            raise ValidationError(f"Flags that you expect in a year: write a whole number from 1 to {MOST_FLAGS:,}")

    @property
    def number(self) -> int | None:
        """What was guessed; None where that is over."""
        if "flags_per_year" not in self:
            return None
        return int(re.sub(r"[ ,\u00a0]", "", self.flags_per_year.data))


def organisation() -> ResponseReturnValue:
    """The page."""
    now = stored()
    # an organisation that is being set up expects one flag: nobody has guessed yet
    guessed = str(now.flags_per_year) if "organisation" in now.settled else ""
    form = OrganisationForm(data={"name": now.name, "flags_per_year": guessed, "staff_side": now.staff_side})
    if now.stage in GUESSED:
        del form.flags_per_year

    def change(row: Organisation) -> None:
        row.name = " ".join(form.name.data.split())
        row.staff_side = form.staff_side.data
        if row.stage not in GUESSED and form.number is not None:
            row.flags_per_year = form.number

    if form.validate_on_submit():
        return save("organisation", "The organisation is saved", change)
    return render_template(
        "people/settings/organisation.html", form=form, estimate=now.flags_per_year
    ), 422 if form.errors else 200
