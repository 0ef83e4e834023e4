"""The admin's page on what somebody who knows much could learn."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from concerns.charter.service import CharterRefused
from concerns.disclosure.foreseeing.service import page_of
from concerns.people.access import needs
from concerns.store.house import house

blueprint = Blueprint("foreseeing", __name__, url_prefix="/set-up")


@blueprint.get("/numbers")
@needs("admin")
def numbers() -> ResponseReturnValue:
    try:
        page = page_of(house())
    except CharterRefused as refusal:
        return render_template("disclosure/no_numbers.html", reason=str(refusal)), 409
    return render_template("disclosure/numbers.html", page=page, seen=page.foresight)
