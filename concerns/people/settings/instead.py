"""Who reads a concern that is about a guardian, the head, the chair or the admin."""

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from concerns.areas.model import Organisation
from concerns.pages.forms import DeskForm
from concerns.people.fields import Fits, tidied
from concerns.people.settings.saving import OneLine, save, stored

LONGEST = 300
#: whom a concern may be about: the question, and an example of an answer
ASKED = {
    "guardian": (
        "If it is about a guardian",
        "For example: the other guardians; keep that one out on the form. If it is about all of them, ring the chair",
    ),
    "head": ("If it is about the head or chief executive", "For example: the guardians, who report it to the chair"),
    "chair": ("If it is about the chair", "For example: the guardians, who report it to the regulator"),
    "admin": (
        "If it is about whoever sets up this service",
        "For example: the guardians. The admin can read no concern, and learns of none",
    ),
}


class InsteadForm(DeskForm):
    """Four texts that staff read before they tell."""

    @property
    def said(self) -> dict[str, str]:
        """The texts as they are kept."""
        return {name: self[name].data for name in ASKED}


for _name, (_label, _hint) in ASKED.items():
    setattr(
        InsteadForm,
        _name,
        TextAreaField(
            _label, filters=[tidied], validators=[DataRequired(f"{_label}: say who reads it"), Fits(LONGEST), OneLine()]
        ),
    )


def instead() -> ResponseReturnValue:
    """The page."""
    form = InsteadForm(data=dict(stored().read_instead))

    def change(row: Organisation) -> None:
        row.read_instead = form.said

    if form.validate_on_submit():
        return save("instead", "It is saved who reads instead", change)
    asked = [(form[name], hint) for name, (_label, hint) in ASKED.items()]
    return render_template("people/settings/instead.html", form=form, asked=asked), 422 if form.errors else 200
