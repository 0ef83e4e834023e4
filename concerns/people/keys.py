"""Guardians’ keys: the first manifest and the policy, which every first guardian reads and signs in her own session."""

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.charter import service as charter
from concerns.people import guardianship
from concerns.people.access import needs, visitor
from concerns.people.forms import PressForm
from concerns.store.house import house

blueprint = Blueprint("keys", __name__)


@blueprint.get("/keys")
@needs("guardian")
def show() -> ResponseReturnValue:
    state = _state()
    if state.manifest is None and not state.missing_keys:
        # the last guardian's first session may have broken off between her keys and the draft
        with suppress(charter.CharterRefused), house().stores.write_main() as main:
            guardianship.put_up_manifest(main)
        state = _state()
    return render_template("people/keys.html", state=state, press=PressForm())


@blueprint.post("/keys")
@needs("guardian")
def sign() -> ResponseReturnValue:
    if not PressForm().validate_on_submit():
        return redirect(url_for("people.keys.show"))
    try:
        with house().stores.write_main() as main:
            opened = guardianship.sign(main, house().directory, visitor())
    except charter.CharterRefused as refused:
        return render_template("people/keys.html", state=_state(), press=PressForm(), refused=str(refused)), 409
    flash("You have signed. The service is open now." if opened else "You have signed")
    return redirect(url_for("people.keys.show"))


def _state() -> guardianship.KeysState:
    with house().stores.read_main() as main:
        return guardianship.state(main, house().directory, visitor().person_id)
