"""Which languages the report door offers."""

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import Field, SelectMultipleField, ValidationError

from concerns.areas.model import Organisation
from concerns.pages.forms import DeskForm
from concerns.pages.languages import ENGLISH, LANGUAGES
from concerns.people.fields import choices
from concerns.people.settings.saving import save, stored

#: those that can be turned off, by code; the names are their own
FURTHER = {language.code: language.name for language in LANGUAGES if language != ENGLISH}
#: what they are called on a page in English
IN_ENGLISH = {"cy": "Welsh"}


class LanguagesForm(DeskForm):
    """The languages beside English, which is always offered."""

    further = SelectMultipleField(
        "Which languages beside English?",
        choices=choices({code: f"{IN_ENGLISH.get(code, code)} ({name})" for code, name in FURTHER.items()}),
        validate_choice=False,
    )

    def validate_further(self, field: Field) -> None:
        if not set(field.data) <= set(FURTHER):
            raise ValidationError("Choose languages from the list, or none")

    @property
    def offered(self) -> list[str]:
        """The codes in the order of the program, English first."""
        return [ENGLISH.code, *(code for code in FURTHER if code in self.further.data)]


def languages() -> ResponseReturnValue:
    """The page."""
    form = LanguagesForm(data={"further": [code for code in stored().languages if code in FURTHER]})

    def change(row: Organisation) -> None:
        row.languages = form.offered

    if form.validate_on_submit():
        return save("languages", "The languages are saved", change)
    return render_template("people/settings/languages.html", form=form), 422 if form.errors else 200
