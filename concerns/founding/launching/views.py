"""The admin ends set-up, takes it up again, and launches."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.founding.launching import launch as launching
from concerns.founding.launching import ready
from concerns.founding.launching.forms import LaunchForm
from concerns.people.access import needs, visitor
from concerns.people.forms import PressForm
from concerns.people.overview import overview
from concerns.sealing.collecting import StoreBusy
from concerns.store.house import house

blueprint = Blueprint("launching", __name__)

BEGUN = {
    "pilot": "The pilot has begun. It opens when every guardian has signed at “Guardians’ keys”",
    "real": "Set-up has ended. The service opens when every guardian has signed at “Guardians’ keys”",
}
BUSY = "The stores are in use all the time. Nothing is lost: wait a minute, and press again"


@blueprint.post("/set-up/begin")
@needs("admin")
def begin() -> ResponseReturnValue:
    """A pilot, unless the admin opens for real."""
    stage = request.form.get("stage", "pilot")
    if PressForm().validate_on_submit() and stage in ready.WAYS:
        try:
            ready.begin(house(), stage, visitor().person_id)
        except ready.NotNow as refused:
            return render_template("founding/not_now.html", refused=str(refused)), 409
        flash(BEGUN[stage])
    return redirect(url_for("people.set_up.show"))


@blueprint.post("/set-up/back")
@needs("admin")
def set_back() -> ResponseReturnValue:
    if PressForm().validate_on_submit():
        try:
            ready.set_back(house(), visitor().person_id)
        except ready.NotNow as refused:
            return render_template("founding/not_now.html", refused=str(refused)), 409
        flash("Set-up is open again. Nobody can sign until you end it")
    return redirect(url_for("people.set_up.show"))


@blueprint.route("/set-up/launch", methods=["GET", "POST"])
@needs("admin")
def launch() -> ResponseReturnValue:
    """The checklist, and a launch that is confirmed by the organisation's name; or one that goes on."""
    with house().stores.read_main() as main, house().stores.read_live() as live:
        facts = overview(main, live, house())
    if facts.stage not in ("pilot", "launching"):
        return redirect(url_for("people.set_up.show"))
    form = PressForm() if facts.stage == "launching" else LaunchForm(facts.organisation.name)
    if form.validate_on_submit():
        try:
            if not launching.go_on(house()):
                launching.begin(house(), visitor().person_id)
        except StoreBusy:
            form.form_errors.append(BUSY)
            return _page(form), 503
        except ready.NotNow as refused:
            return render_template("founding/not_now.html", refused=str(refused)), 409
        flash("The pilot is destroyed. The service opens when every guardian has signed again")
        return redirect(url_for("people.set_up.show"))
    return _page(form), 422 if form.errors else 200


def _page(form: PressForm | LaunchForm) -> str:
    with house().stores.read_main() as main, house().stores.read_live() as live:
        facts = overview(main, live, house())
    return render_template("founding/launch.html", facts=facts, losses=launching.losses(house()), form=form)
