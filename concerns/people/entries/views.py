"""The pages of the log, and the page that says that an entry could not be made."""

import datetime as dt

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.audit import requests
from concerns.audit.rules import once
from concerns.audit.service import NotNoted, note
from concerns.people import keeping
from concerns.people.access import needs, visitor
from concerns.people.entries import reading
from concerns.people.entries.forms import AskForm
from concerns.people.forms import PressForm
from concerns.store.house import house

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

#: who may ask for everybody's entries; only a guardian agrees
MAY_ASK = ("guardian", "overseer")
LAST_PAGE = 10_000

NOT_ENTERED = keeping.Trouble(
    503,
    "It was not done",
    "The log of what is done at this desk cannot take an entry just now, and nothing is done that is not entered.",
    "What you wrote is not lost. Wait a minute, then send it again.",
)


@blueprint.get("/")
@needs()
def mine() -> ResponseReturnValue:
    """What the visitor did herself."""
    page = reading.own_page(house(), visitor(), _number())
    signature = reading.signature(house(), visitor())
    waits = [one for one in reading.waiting(house(), visitor()) if not one.own] if _guardian() else []
    return render_template(
        "audit/mine.html", page=page, signature=signature, waits=waits, may_ask=visitor().roles & set(MAY_ASK)
    )


@blueprint.route("/everybody", methods=["GET", "POST"])
@needs(*MAY_ASK)
def everybody() -> ResponseReturnValue:
    """What everybody did, for the two people who agreed on it; and before that the request."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            requests.ask(house(), visitor().person_id, form.reason.data, reading.guardians(house()))
        except requests.RequestRefused as refused:
            form.form_errors.append(str(refused))
        except reading.SHUT:
            return keeping.bring_back(keeping.SHUT)
        else:
            flash("You have asked. Another guardian sees it when she next signs in")
            return redirect(url_for("audit.everybody"))
    until = reading.may_read_until(house(), visitor())
    page = None
    if until is not None:
        today = house().today().isoformat().encode()
        note(house(), visitor().person_id, "read-all", once=once(visitor().person_id, b"read-all", today))
        page = reading.everybodys_day(house(), visitor(), _wanted())
    waits = reading.waiting(house(), visitor())
    answer = render_template(
        "audit/everybody.html", form=form, press=PressForm(), until=until, page=page, waits=waits, guardian=_guardian()
    )
    return answer, 422 if form.errors else 200


@blueprint.post("/requests/<request_id>")
@needs("guardian")
def agree(request_id: str) -> ResponseReturnValue:
    """A guardian agrees that somebody else and she read everybody's entries."""
    try:
        wanted = bytes.fromhex(request_id)
    except ValueError:
        abort(404)
    if not PressForm().validate_on_submit():
        return redirect(url_for("audit.everybody"))
    try:
        requests.agree(house(), visitor().person_id, wanted)
    except requests.RequestRefused:
        abort(404)
    flash("You have agreed. You both may read everybody’s entries for a week")
    return redirect(url_for("audit.everybody"))


@blueprint.app_errorhandler(NotNoted)
def not_noted(error: NotNoted) -> ResponseReturnValue:
    """Nothing is done or shown that could not be entered; what was typed comes back."""
    current_app.logger.error("", exc_info=error)
    if request.method == "POST" and request.endpoint not in keeping.OWN_FORMS and keeping.typed():
        return keeping.bring_back(NOT_ENTERED)
    return render_template("audit/not_noted.html"), 503


def _guardian() -> bool:
    return "guardian" in visitor().roles


def _wanted() -> dt.date | None:
    text = request.args.get("day")
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        abort(404)


def _number() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= LAST_PAGE):
        abort(404)
    return int(text)
