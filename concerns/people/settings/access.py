"""Who may tell: anybody who finds the address, or whoever has a staff code."""

from flask import render_template
from flask.typing import ResponseReturnValue

from concerns.areas.model import Organisation
from concerns.pages.forms import DeskForm
from concerns.people.fields import one_of
from concerns.people.settings.saving import save, stored

WAYS = {"open": "Anybody who has the address", "codes": "Only who has a staff code"}


class AccessForm(DeskForm):
    """One of two ways in."""

    access = one_of("Who may tell?", WAYS, "Choose who may tell")


def access() -> ResponseReturnValue:
    """The page."""
    form = AccessForm(data={"access": stored().access})

    def change(row: Organisation) -> None:
        row.access = form.access.data

    if form.validate_on_submit():
        return save("access", "It is saved who may tell", change)
    return render_template("people/settings/access.html", form=form), 422 if form.errors else 200
