"""The admin's button that fills a pilot with invented concerns."""

import random

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.demo.pilot import filling
from concerns.people.access import needs, visitor
from concerns.people.forms import PressForm
from concerns.store.house import house

blueprint = Blueprint("pilot", __name__)

NOT_OPEN = "The guardians have not all signed yet: only then can anything be sealed for them"


@blueprint.post("/set-up/pilot/fill")
@needs("admin")
def fill() -> ResponseReturnValue:
    if PressForm().validate_on_submit():
        try:
            count = filling.fill(house(), visitor().person_id, random.Random())
        except filling.NotFilled as refused:
            return render_template("founding/not_now.html", refused=str(refused)), 409
        except (NotOpenYet, CharterRefused):
            return render_template("founding/not_now.html", refused=NOT_OPEN), 409
        flash(f"The guardians have {count} invented concerns in their inbox")
    return redirect(url_for("people.set_up.show"))
