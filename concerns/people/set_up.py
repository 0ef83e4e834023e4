"""The admin's overview: what is set up, and what is missing before the service opens. It shows nothing of any flag."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.service import note
from concerns.people import adding, service, shares
from concerns.people.access import needs, visitor
from concerns.people.forms import GuardianForm, PressForm
from concerns.people.overview import Overview, overview
from concerns.store.house import house

blueprint = Blueprint("set_up", __name__)


@blueprint.get("/set-up")
@needs("admin")
def show() -> ResponseReturnValue:
    # a part whose page another door or a smaller build leaves out is a row without a link
    facts = _overview()
    here = {task.part.name for task in facts.tasks if task.part.endpoint in current_app.view_functions}
    return render_template("people/set_up.html", facts=facts, here=here, press=PressForm())


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
        note(house(), visitor().person_id, "invited", about=person)
        token = service.invite(house(), bytes.fromhex(person))
    except service.AccountRefused:
        return redirect(url_for("people.set_up.show"))
    return render_template("people/link.html", person=found, address=service.link_of(house(), token))


@blueprint.post("/set-up/recover/<person>")
@needs("admin")
def recover(person: str) -> ResponseReturnValue:
    """A one-time link for a guardian who lost her passphrase: it is good with two of her recovery shares only."""
    if not PressForm().validate_on_submit():
        return redirect(url_for("people.set_up.show"))
    found = next((one for one in _overview().people if one.id == person and one.recoverable), None)
    if found is None:
        abort(404)
    note(house(), visitor().person_id, "invited", about=person)
    token = shares.invite(house(), bytes.fromhex(person))
    return render_template("people/link.html", person=found, address=shares.link_of(house(), token))


@blueprint.route("/set-up/guardian", methods=["GET", "POST"])
@needs("admin")
def guardian() -> ResponseReturnValue:
    """An account for another guardian: it opens nothing before two guardians have signed for its keys."""
    form = GuardianForm()
    if form.validate_on_submit():
        row = adding.Pasted(form.name.data, form.email.data, ("guardian",), form.stand_in.data)
        try:
            adding.check(house(), [row])
            note(house(), visitor().person_id, "account", about="guardian")
            adding.add(house(), [row])
        except service.AccountRefused as refused:
            form.email.errors = [str(refused)]
        else:
            flash("The account is there. Make a one-time link for it, and hand that over in person")
            return redirect(url_for("people.set_up.show"))
    return render_template("people/add_guardian.html", form=form), 422 if form.errors else 200


def _overview() -> Overview:
    with house().stores.read_main() as main, house().stores.read_live() as live:
        return overview(main, live, house())
