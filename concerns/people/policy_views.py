"""The pages on which an admin drafts a change of the rules, and guardians sign or stop it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.service import note
from concerns.charter.loosening import KINDS, RULES, SHOWN
from concerns.people import policies
from concerns.people.access import needs, visitor
from concerns.people.keys import SHUT, pressed
from concerns.people.policy_forms import PolicyForm, hint, typed
from concerns.store.house import house

blueprint = Blueprint("policy", __name__)


@blueprint.route("/set-up/policy", methods=["GET", "POST"])
@needs("admin")
def change() -> ResponseReturnValue:
    """The rules, what waits or is announced, and a form for another draft."""
    try:
        found = policies.amendments(house(), visitor().person_id)
    except SHUT:
        return render_template("people/policy.html", found=None, form=PolicyForm(), refused="")
    form, refused = PolicyForm(data=typed(found.newest)), ""
    if form.validate_on_submit() and form.policy is not None:
        try:
            draft = policies.put_up(house(), form.changed)
        except SHUT as error:
            refused = str(error)
        else:
            note(house(), visitor().person_id, "drafted", about=str(draft.after.number))
            flash("The change is put up. It waits for the signatures of two guardians")
            return redirect(url_for("people.policy.change"))
    status = 409 if refused else 422 if form.errors else 200
    rules = [(form[rule.name], hint(rule, found.now), rule.name in KINDS, rule.name == SHOWN) for rule in RULES]
    return render_template("people/policy.html", found=found, form=form, rules=rules, refused=refused), status


@blueprint.post("/keys/policy/agree")
@needs("guardian")
def agree() -> ResponseReturnValue:
    """A guardian signs the change that she read."""

    def signed(document: str) -> str:
        done = policies.agree(house(), visitor(), document)
        return f"You have signed. {'Two guardians have now' if done else 'It waits for another guardian'}"

    return pressed(signed, "ruled")


@blueprint.post("/keys/policy/withdraw")
@needs("guardian")
def withdraw() -> ResponseReturnValue:
    """Any guardian stops a change of the rules that waits."""

    def withdrawn(document: str) -> str:
        policies.withdraw(house(), visitor(), document)
        return "The change of the rules is withdrawn"

    return pressed(withdrawn, "stopped")
