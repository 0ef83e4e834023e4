"""Guardians’ keys: the first manifest and the policy, and every later change of who reads, signed by two guardians."""

from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.service import note
from concerns.charter import service as charter
from concerns.people import bringing, changes, guardianship
from concerns.people.access import needs, visitor
from concerns.people.forms import ChangeForm, DocumentForm, PressForm
from concerns.store.house import house

blueprint = Blueprint("keys", __name__)

#: nothing can be signed just now; the page says why
SHUT = (charter.NotOpenYet, charter.CharterRefused)


@blueprint.get("/keys")
@needs("guardian")
def show() -> ResponseReturnValue:
    state = _state()
    if state.manifest is None and not state.missing_keys:
        # the last guardian's first session may have broken off between her keys and the draft
        with suppress(charter.CharterRefused), house().stores.write_main() as main:
            guardianship.put_up_manifest(main)
    if state.open:
        # a change may have broken off between its signature and the wraps
        with suppress(*SHUT):
            changes.bring_in_line(house())
    return _page()


@blueprint.post("/keys")
@needs("guardian")
def sign() -> ResponseReturnValue:
    if not PressForm().validate_on_submit():
        return redirect(url_for("people.keys.show"))
    try:
        with house().stores.write_main() as main:
            opened = guardianship.sign(main, house().directory, visitor())
    except charter.CharterRefused as refused:
        return _page(refused=str(refused)), 409
    note(house(), visitor().person_id, "signed")
    flash("You have signed. The service is open now." if opened else "You have signed")
    return redirect(url_for("people.keys.show"))


@blueprint.post("/keys/propose")
@needs("guardian")
def propose() -> ResponseReturnValue:
    """One guardian proposes a change of who reads, and signs it first."""
    form = ChangeForm()
    if not form.validate_on_submit():
        return redirect(url_for("people.keys.show"))
    try:
        person_id = bytes.fromhex(form.person.data or "")
    except ValueError:
        abort(404)
    try:
        changes.propose(house(), visitor(), form.what.data or "", person_id, older=form.older.data)
    except SHUT as refused:
        return _page(refused=str(refused)), 409
    note(house(), visitor().person_id, "signed")
    flash("You have proposed it and signed it. It waits for another guardian")
    return redirect(url_for("people.keys.show"))


@blueprint.post("/keys/agree")
@needs("guardian")
def agree() -> ResponseReturnValue:
    """Another guardian signs the change that she read."""
    form = DocumentForm()
    if not form.validate_on_submit():
        return redirect(url_for("people.keys.show"))
    try:
        changes.agree(house(), visitor(), form.document.data or "")
    except SHUT as refused:
        return _page(refused=str(refused)), 409
    note(house(), visitor().person_id, "signed")
    flash("You have signed. It is in force now")
    return redirect(url_for("people.keys.show"))


@blueprint.post("/keys/withdraw")
@needs("guardian")
def withdraw() -> ResponseReturnValue:
    """Any guardian stops a change that waits."""
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            changes.withdraw(house(), visitor(), form.document.data or "")
        except SHUT as refused:
            return _page(refused=str(refused)), 409
        flash("The change is withdrawn")
    return redirect(url_for("people.keys.show"))


def _page(refused: str = "") -> str:
    found = None
    with suppress(*SHUT), house().stores.read_main() as main:
        found = changes.changes(main, house(), visitor().person_id)
    return render_template(
        "people/keys.html",
        state=_state(),
        changes=found,
        press=PressForm(),
        refused=refused,
        key_code=guardianship.key_code,
        brings_over=bringing.waits(house(), visitor()),
    )


def _state() -> guardianship.KeysState:
    with house().stores.read_main() as main:
        return guardianship.state(main, house().directory, visitor().person_id)
