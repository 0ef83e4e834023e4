"""The days on which the guardians read."""

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import Field, SelectMultipleField, ValidationError

from concerns.areas.model import Organisation
from concerns.areas.rules import WEEKDAYS, weekdays
from concerns.pages.forms import DeskForm
from concerns.people.fields import choices
from concerns.people.settings.saving import save, stored


class ReadingForm(DeskForm):
    """At least one day of the week."""

    days = SelectMultipleField(
        "On which days do the guardians read?",
        choices=choices({day: day.capitalize() for day in WEEKDAYS}),
        validate_choice=False,
    )

    def validate_days(self, field: Field) -> None:
        if not field.data or not set(field.data) <= set(WEEKDAYS):
            raise ValidationError("Choose at least one day on which the guardians read")


def reading() -> ResponseReturnValue:
    """The page."""
    form = ReadingForm(data={"days": stored().reading_days})

    def change(row: Organisation) -> None:
        row.reading_days = [WEEKDAYS[number] for number in weekdays(form.days.data)]

    if form.validate_on_submit():
        return save("reading", "The reading days are saved", change)
    return render_template("people/settings/reading.html", form=form), 422 if form.errors else 200
