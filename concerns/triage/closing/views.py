"""The guardian's page "Close a period"."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.disclosure.ledger import LedgerRefused
from concerns.disclosure.periods import WrongPeriod
from concerns.disclosure.turns import CloseRefused
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.triage.closing import service as closing
from concerns.triage.closing.forms import CloseForm

blueprint = Blueprint("closing", __name__, url_prefix="/close")


@blueprint.get("/")
@needs("guardian")
def periods() -> ResponseReturnValue:
    guardian = visitor()
    closing.hand_on(house(), guardian.person_id, guardian.kem_seed)
    try:
        page = closing.closing_page(house())
    except (CloseRefused, LedgerRefused) as refusal:
        return _refused(str(refusal))
    return render_template("triage/close.html", page=page)


@blueprint.route("/<period>", methods=["GET", "POST"])
@needs("guardian")
def period(period: str) -> ResponseReturnValue:
    """What closing this period means, and the button."""
    guardian = visitor()
    secret = guardian.kem_seed + guardian.sign_seed
    try:
        form = CloseForm(closing.last_freeze(house()))
        if form.validate_on_submit():
            flash(closing.close_part(house(), guardian.person_id, secret, period).message)
            return redirect(url_for("closing.periods"))
        preview = closing.preview(house(), guardian.person_id, secret, period)
    except WrongPeriod:
        abort(404)
    except (CloseRefused, LedgerRefused) as refusal:
        return _refused(str(refusal))
    status = 422 if form.errors else 200
    form.show()
    return render_template("triage/close_period.html", preview=preview, form=form), status


def _refused(reason: str) -> ResponseReturnValue:
    return render_template("triage/close_refused.html", reason=reason), 409
