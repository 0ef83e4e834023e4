"""Guardians’ keys: the first manifest and the policy, and every later change of who reads, signed by two guardians."""

from collections.abc import Callable
from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.service import note
from concerns.charter import service as charter
from concerns.people import bringing, changes, guardianship, policies, succession
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
        succession.hand_on(house(), visitor())
    return page()


@blueprint.post("/keys")
@needs("guardian")
def sign() -> ResponseReturnValue:
    """A guardian signs the first manifest and rules, those that she read."""

    def signed(document: str) -> str:
        with house().stores.write_main() as main:
            opened = guardianship.sign(main, house().directory, visitor(), document)
        return "You have signed. The service is open now." if opened else "You have signed"

    return pressed(signed, "signed")


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
        return page(refused=str(refused)), 409
    note(house(), visitor().person_id, "signed")
    flash("You have proposed it and signed it. It waits for another guardian")
    return redirect(url_for("people.keys.show"))


@blueprint.post("/keys/agree")
@needs("guardian")
def agree() -> ResponseReturnValue:
    """Another guardian signs the change that she read."""

    def signed(document: str) -> str:
        changes.agree(house(), visitor(), document)
        return "You have signed. It is in force now"

    return pressed(signed, "signed")


@blueprint.post("/keys/withdraw")
@needs("guardian")
def withdraw() -> ResponseReturnValue:
    """Any guardian stops a change that waits."""

    def withdrawn(document: str) -> str:
        changes.withdraw(house(), visitor(), document)
        return "The change is withdrawn"

    return pressed(withdrawn, "unsigned")


@blueprint.post("/keys/reopen")
@needs("guardian")
def reopen() -> ResponseReturnValue:
    """A guardian agrees that the service opens again after a copy was put back."""

    def agreed(document: str) -> str:
        with house().stores.write_main() as main:
            opened = guardianship.reopen(main, house().directory, visitor(), document)
        return f"You have agreed. {'The service is open now' if opened else 'It waits for another guardian'}"

    return pressed(agreed, "reopened")


def pressed(do: Callable[[str], str], verb: str = "") -> ResponseReturnValue:
    """A guardian pressed a button for the very document that she read: do it, enter the verb, and say what came of it."""
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            words = do(form.document.data or "")
        except SHUT as refused:
            return page(refused=str(refused)), 409
        if verb:
            note(house(), visitor().person_id, verb)
        flash(words)
    return redirect(url_for("people.keys.show"))


def page(refused: str = "") -> str:
    """The page on guardians' keys, with why something was not signed."""
    found = rules = None
    state = _state()
    with suppress(*SHUT):
        rules = policies.amendments(house(), visitor().person_id)
    with suppress(*SHUT), house().stores.read_main() as main:
        found = changes.changes(main, house(), visitor().person_id)
    return render_template(
        "people/keys.html",
        state=state,
        changes=found,
        rules=rules,
        said=policies.said(policy) if (policy := rules.now if rules else state.policy) else (),
        has_keys=visitor().secret is not None,
        press=PressForm(),
        refused=refused,
        key_code=guardianship.key_code,
        brings_over=bringing.waits(house(), visitor()),
    )


def _state() -> guardianship.KeysState:
    with house().stores.read_main() as main:
        return guardianship.state(main, house().directory, visitor().person_id)
