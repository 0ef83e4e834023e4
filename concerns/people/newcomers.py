"""The pages on which an admin makes accounts, one or several at a time, hands out their links, and removes unused ones."""

from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.areas.service import held, settle
from concerns.audit.service import note
from concerns.charter.service import CharterRefused
from concerns.people import adding, guardianship, service
from concerns.people.access import needs, visitor
from concerns.people.forms import PasteForm, PersonForm, PressForm
from concerns.store.house import house

blueprint = Blueprint("newcomers", __name__)

MADE = "{} made. Make one-time links, and hand each over in person"


@blueprint.route("/set-up/people/add", methods=["GET", "POST"])
@needs("admin")
def add() -> ResponseReturnValue:
    """One account, with the roles that it shall have."""
    form = PersonForm()
    if form.validate_on_submit():
        row = adding.Pasted(form.name.data, form.email.data, tuple(form.roles.data), form.stand_in.data)
        try:
            adding.check(house(), [row])
            note(house(), visitor().person_id, "account", about=", ".join(row.roles)[:32])
            adding.add(house(), [row])
        except service.AccountRefused as refused:
            form.email.errors = [str(refused)]
        else:
            return _made(1)
    return render_template("people/add_person.html", form=form), 422 if form.errors else 200


@blueprint.route("/set-up/people/paste", methods=["GET", "POST"])
@needs("admin")
def paste() -> ResponseReturnValue:
    """Several accounts at once, all or none."""
    form = PasteForm()
    faults: list[str] = []
    if form.validate_on_submit():
        rows, faults = adding.read(house(), form.rows.data or "")
        if not faults:
            note(house(), visitor().person_id, "account", about=str(len(rows)))
            try:
                adding.add(house(), rows)
            except service.AccountRefused as refused:
                faults = [f"{refused}."]
            else:
                return _made(len(rows))
        form.rows.errors = ["Nobody was added: mend the lines named below"]
    return render_template("people/paste_people.html", form=form, faults=faults), 422 if form.errors else 200


@blueprint.post("/set-up/people/<person>/remove")
@needs("admin")
def remove(person: str) -> ResponseReturnValue:
    """An account that nobody has set up is gone at once."""
    if not PressForm().validate_on_submit():
        return redirect(url_for("people.set_up.show"))
    found = adding.newcomer(house(), person)
    if found is None:
        abort(404)
    note(house(), visitor().person_id, "unmade")
    if service.remove_newcomer(house(), found.id):
        flash(f"The account of {found.name} is removed")
        with suppress(CharterRefused), house().stores.write_main() as main:
            guardianship.put_up_manifest(main)  # everybody who is left may have keys
    return redirect(url_for("people.set_up.show"))


@blueprint.post("/set-up/links")
@needs("admin")
def links() -> ResponseReturnValue:
    """A one-time link for everybody who has neither set up nor a link that works; each is shown once."""
    if not PressForm().validate_on_submit():
        return redirect(url_for("people.set_up.show"))
    made = []
    for person in adding.without_link(house()):
        note(house(), visitor().person_id, "invited", about=person.id.hex())
        with suppress(service.AccountRefused):
            made.append((person.name, service.link_of(house(), service.invite(house(), person.id))))
    if not made:
        return redirect(url_for("people.set_up.show"))
    return render_template("people/links.html", made=made)


def _made(count: int) -> ResponseReturnValue:
    with house().stores.write_main() as main:
        held(main)  # two parts that are settled at once are both settled
        settle(main, "people")
    flash(MADE.format("The account is" if count == 1 else f"{count} accounts are"))
    return redirect(url_for("people.set_up.show"))
