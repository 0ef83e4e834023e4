"""The page of one account: an admin ends its sessions, says that its owner leaves, and sees what is still to do."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.service import note
from concerns.people.access import needs, visitor
from concerns.people.leaving import service, shutting
from concerns.people.leaving.forms import BACK, END, LEAVE, UNBIND, AccountPressForm
from concerns.people.leaving.service import Account
from concerns.people.outside.service import unbind
from concerns.store.house import house

blueprint = Blueprint("leaving", __name__)

VERBS = {LEAVE: "leaving", BACK: "leaving", END: "ended", UNBIND: "unbound"}


@blueprint.route("/set-up/people/<person>/leave", methods=["GET", "POST"])
@needs("admin")
def show(person: str) -> ResponseReturnValue:
    found = _account(person)
    form = AccountPressForm()
    if not form.validate_on_submit():
        return _page(found, form), 200 if request.method == "GET" else 422
    what = form.what.data
    try:
        words = _do(what, found)
    except service.LeavingRefused as refused:
        return _page(found, form, str(refused)), 409
    flash(words)
    own = found.id == visitor().person_id.hex() and what in {LEAVE, END}
    return redirect(url_for("people.sign_in") if own else url_for("people.leaving.show", person=person))


def _do(what: str, found: Account) -> str:
    """One press, entered in the log before anything is changed; returns what to say of it."""
    person_id = bytes.fromhex(found.id)
    note(house(), visitor().person_id, VERBS[what], about=found.id)
    if what == LEAVE:
        shut = service.leave(house(), person_id)
        return (
            f"The account of {found.name} is shut"
            if shut
            else f"It is noted that {found.name} leaves. Two other guardians have to sign the removal now"
        )
    if what == BACK:
        anew = service.take_back(house(), person_id)
        return f"{found.name} stays" + (". Make a one-time link now: there must be new keys" if anew else "")
    if what == UNBIND:
        if not unbind(house(), person_id):
            raise service.LeavingRefused("This account has no passphrase, so that it cannot be set free")
        shutting.end_sessions(house(), person_id)
        return f"The account of {found.name} is free for another one of the directory"
    shutting.end_sessions(house(), person_id)
    return f"Every session of {found.name} has ended"


def _page(found: Account, form: AccountPressForm, refused: str = "") -> str:
    return render_template("people/account.html", account=found, form=form, refused=refused)


def _account(person: str) -> Account:
    try:
        found = service.account(house(), bytes.fromhex(person))
    except ValueError:
        found = None
    if found is None:
        abort(404)
    return found
