"""The guardians' pages of the statutory return."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.disclosure.periods import Kind, Period, WrongPeriod
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.themes.returning import Profile, ProfileRefused
from concerns.triage.reading import Desk
from concerns.triage.returning import service
from concerns.triage.returning.forms import PartForm
from concerns.triage.returning.service import Refused
from concerns.triage.showing import at_the_desk

blueprint = Blueprint("returning", __name__, url_prefix="/returns")


@blueprint.get("/")
@needs("guardian")
def returns() -> ResponseReturnValue:
    try:
        profile = service.the_profile(house())
    except ProfileRefused as refusal:
        return _refused(str(refusal))
    items = service.listed(house(), visitor().person_id) if profile else []
    return render_template("triage/returns.html", profile=profile, items=items)


@blueprint.route("/<period>", methods=["GET", "POST"])
@needs("guardian")
@at_the_desk
def make(desk: Desk, period: str) -> ResponseReturnValue:
    """What this guardian's part is, and the press that does it."""
    form, wanted = PartForm(), _quarter(period)
    profile = _profile()
    try:
        if form.validate_on_submit():
            done = service.do_part(house(), desk, visitor(), wanted)
            flash(
                f"The return of {wanted.in_words} is complete. You can download it now."
                if done.state is service.State.MINE
                else f"Your part of the return of {wanted.in_words} is done. Another guardian has to complete it."
            )
            return redirect(url_for("returning.returns"))
        item = service.item_of(house(), visitor().person_id, wanted)
    except Refused as refusal:
        return _refused(str(refusal))
    if not item.may_do:
        return redirect(url_for("returning.returns"))
    return render_template("triage/return_make.html", profile=profile, item=item, form=form)


@blueprint.get("/<period>.csv")
@needs("guardian")
def file(period: str) -> ResponseReturnValue:
    """The totals, for the two guardians who made them."""
    wanted = _quarter(period)
    try:
        content = service.file_of(house(), visitor(), wanted)
    except (Refused, ProfileRefused) as refusal:
        return _refused(str(refusal))
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="return-{wanted}.csv"'
    return answer


def _profile() -> Profile:
    try:
        found = service.the_profile(house())
    except ProfileRefused:
        found = None
    return found or abort(404)


def _quarter(text: str) -> Period:
    try:
        period = Period.parse(text)
    except WrongPeriod:
        abort(404)
    return period if period.kind is Kind.QUARTER else abort(404)


def _refused(reason: str) -> ResponseReturnValue:
    return render_template("triage/return_refused.html", reason=reason), 409
