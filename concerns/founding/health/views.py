"""The page itself, and the button that looks at the certificates."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.founding import certificates_check
from concerns.founding.health.service import health
from concerns.people.access import needs
from concerns.people.forms import PressForm
from concerns.store.house import house

blueprint = Blueprint("health", __name__)


@blueprint.get("/set-up/health")
@needs("admin")
def show() -> ResponseReturnValue:
    return render_template(
        "founding/health.html", found=health(house()), origins=certificates_check.origins(house()), press=PressForm()
    )


@blueprint.post("/set-up/health")
@needs("admin")
def look() -> ResponseReturnValue:
    """Ask our own addresses, and no others, for their certificates: for a few seconds each."""
    if PressForm().validate_on_submit():
        certificates_check.look(house())
        flash("Looked at the certificates. What they say stands under Server")
    return redirect(url_for("health.show"))
