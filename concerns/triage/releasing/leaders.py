"""Words that leaders ask to release: a guardian proposes them as they are, or sends them back with one of a few sentences."""

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.learning.promises import service as promises
from concerns.learning.promises.queries import Promise
from concerns.learning.promises.queries import promises as all_promises
from concerns.learning.promises.rules import ASKED
from concerns.learning.promises.service import PromiseRefused, mark_of, words_of
from concerns.learning.rules import Words
from concerns.people.access import needs, visitor
from concerns.store.house import House, house
from concerns.triage.acting.pages import saving
from concerns.triage.acting.pairs import Refused
from concerns.triage.reading import Desk
from concerns.triage.releasing import drafts, forms, service
from concerns.triage.releasing.rules import PART_NAMES
from concerns.triage.releasing.service import Session, Stopped
from concerns.triage.showing import at_the_desk, id_in


def asked(house: House) -> list[Promise]:
    """The promises whose words leaders have handed to the guardians."""
    with house.stores.read_main() as main:
        return [one for one in all_promises(main, house.today()).all if one.stage == ASKED]


@needs("guardian")
@at_the_desk
def read(desk: Desk, promise: str) -> ResponseReturnValue:
    """One of them."""
    session, form = Session(house(), desk, visitor()), forms.SendBackForm()
    one = next((one for one in asked(house()) if one.id == id_in(promise)), None)
    with house().stores.read_main() as main:
        words = words_of(main, id_in(promise))
    if one is None or words is None:
        abort(404)
    found: list[tuple[str, str]] = []

    def page(**said: Any) -> str:
        waits = [draft for draft in drafts.opened(house().stores, visitor().kem_seed, house().today())
                 if draft.source == promise and not draft.declined_by]  # fmt: skip
        return render_template(
            "triage/texts_asked.html", one=one, words=words, mark=mark_of(words), waits=waits, form=form, found=found,
            part_names=PART_NAMES, **said,
        )  # fmt: skip

    if request.method != "POST":
        return page()
    if not form.validate():
        return page(), 422
    return saving(page, lambda: _answered(session, one, words, form, found))


def _answered(
    session: Session, one: Promise, words: Words, form: forms.SendBackForm, found: list[tuple[str, str]]
) -> Response:
    """Do what the pressed button says."""
    if "back" in request.form:
        _send_back(session, one, form)
        flash("Sent back. Leaders read the sentence that you chose.")
        return make_response(redirect(url_for("releasing.texts")))
    if request.form.get("seen") != mark_of(words):
        raise Refused("Leaders changed these words while you read. Read them again.")
    try:
        service.propose(session, words, (), form.item_bytes, one.id.hex())
    except Stopped as stopped:
        found.extend(stopped.found)
        raise Refused("The text check stops it. Send it back: leaders do not learn what it found.") from stopped
    flash("Proposed. It waits for another guardian, who may agree at her next visit.")
    return make_response(redirect(url_for("releasing.texts")))


def _send_back(session: Session, one: Promise, form: forms.SendBackForm) -> None:
    if not form.returned.data:
        form.returned.errors = ["Choose what leaders read"]
        raise Refused("Choose what leaders read.")
    try:
        with session.house.stores.write_main() as main:
            promises.send_back(main, one.id, form.returned.data)
    except PromiseRefused as refusal:
        raise Refused(str(refusal)) from refusal
