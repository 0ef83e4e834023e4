"""The admin's overview: what is set up, and what is missing before the service opens. It shows nothing of any flag."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.people import service
from concerns.people.access import needs
from concerns.people.forms import PressForm
from concerns.people.overview import Overview, overview
from concerns.store.house import house

blueprint = Blueprint("set_up", __name__)


@blueprint.get("/set-up")
@needs("admin")
def show() -> ResponseReturnValue:
    return render_template("people/set_up.html", facts=_overview(), press=PressForm())


@blueprint.post("/set-up/link/<person>")
@needs("admin")
def link(person: str) -> ResponseReturnValue:
    """A new one-time link, shown once: only its hash is kept."""
    if not PressForm().validate_on_submit():
        return redirect(url_for("people.set_up.show"))
    found = next((one for one in _overview().people if one.id == person), None)
    if found is None:
        abort(404)
    try:
        token = service.invite(house(), bytes.fromhex(person))
    except service.AccountRefused:
        return redirect(url_for("people.set_up.show"))
    return render_template("people/link.html", person=found, address=service.link_of(house(), token))


def _overview() -> Overview:
    with house().stores.read_main() as main, house().stores.read_live() as live:
        return overview(main, live, house())
