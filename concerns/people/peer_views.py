"""The admin invites a peer until a day, and moves that day."""

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, ValidationError

from concerns.audit.rules import in_words
from concerns.audit.service import note
from concerns.pages.forms import DeskForm
from concerns.people import service, terms
from concerns.people.access import needs, visitor
from concerns.people.fields import day
from concerns.people.forms import AccountForm
from concerns.people.model import Person
from concerns.store.house import house

blueprint = Blueprint("peer", __name__)


class UntilForm(DeskForm):
    """The last day on which a peer may look."""

    until = day("Last day", "Say until when the peer may look")

    def __init__(self, today: dt.date, until: dt.date) -> None:
        super().__init__(data={"until": until})
        self.today = today

    def validate_until(self, field: Field) -> None:
        problem = terms.last_day_problem(field.data, self.today)
        if problem:
            raise ValidationError(problem)


class PeerForm(UntilForm, AccountForm):
    """An account for a peer."""


@blueprint.route("/set-up/peer", methods=["GET", "POST"])
@needs("admin")
def invite() -> ResponseReturnValue:
    """An account for a peer, who sees releases and promises for a while."""
    today = house().today()
    form = PeerForm(today, today + terms.USUAL)
    if form.validate_on_submit():
        try:
            _log(form)
            with house().stores.write_main() as main:
                person = service.add_person(main, form.name.data, form.email.data, ["peer"])
                terms.start(main, person, today, form.until.data)
        except service.AccountRefused as refused:
            form.email.errors = [str(refused)]
        else:
            flash("The account is there. Make a one-time link for it, and hand that over in person")
            return redirect(url_for("people.set_up.show"))
    return render_template("people/add_peer.html", form=form), 422 if form.errors else 200


@blueprint.route("/set-up/peer/<person>", methods=["GET", "POST"])
@needs("admin")
def until(person: str) -> ResponseReturnValue:
    """Another last day for a peer."""
    found, last = _peer(person)
    form = UntilForm(house().today(), last)
    if form.validate_on_submit():
        _log(form)
        with house().stores.write_main() as main:
            terms.move(main, found.id, form.until.data)
        flash(f"{found.name} may look until {in_words(form.until.data)}")
        return redirect(url_for("people.set_up.show"))
    return render_template("people/peer_until.html", form=form, person=found), 422 if form.errors else 200


def _log(form: UntilForm) -> None:
    note(house(), visitor().person_id, "term", about=form.until.data.isoformat())


def _peer(person: str) -> tuple[Person, dt.date]:
    """The peer in the address; the 404 page for anybody else."""
    try:
        person_id = bytes.fromhex(person)
    except ValueError:
        abort(404)
    with house().stores.read_main() as main:
        found, last = main.get(Person, person_id), terms.last_day(main, person_id)
    if found is None or last is None or "peer" not in found.roles:
        abort(404)
    return found, last
