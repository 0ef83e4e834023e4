"""The pages of peers: how far the organisation looks outward, what peers ask and note, and leaders' answers."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.rules import in_words, once
from concerns.audit.service import note as log
from concerns.disclosure.queries import releases
from concerns.learning.peers import service
from concerns.learning.peers.forms import AnswerForm, NoteForm
from concerns.learning.peers.insularity import insularity
from concerns.learning.peers.model import PeerNote
from concerns.learning.peers.queries import note_of, subjects
from concerns.learning.peers.queries import notes as all_notes
from concerns.learning.peers.rules import KINDS
from concerns.learning.promises.queries import promises
from concerns.people import terms
from concerns.people.access import needs, visitor
from concerns.people.fields import StepForm
from concerns.store.house import house

blueprint = Blueprint("peers", __name__, url_prefix="/peers")
READERS = ("leader", "guardian", "peer")
#: reports that the page offers to write about
NEWEST = 4


@needs(*READERS)
def notes() -> ResponseReturnValue:
    """All notes, beside what the organisation lets in from outside."""
    today = house().today()
    with house().stores.read_released() as reader:
        promised = promises(reader, today)
        facts, known = insularity(reader, house().directory, promised, today), subjects(reader, promised)
        found, until = all_notes(reader), terms.last_day(reader, visitor().person_id)
        periods = [one.period for one in releases(reader)[:NEWEST]]
    named = {one.about: known.get(one.about, "") for one in found}
    return _page("peers", facts=facts, found=found, named=named, peer_until=until, periods=periods)


@needs("peer")
def write() -> ResponseReturnValue:
    """A question or a note on a report, a promise or the whole."""
    about = request.args.get("about", "")
    name = _name(about)
    if name is None:
        abort(404)
    form = NoteForm()
    if not form.validate_on_submit():
        return _page("peer_write", form=form, about=name), 422 if form.errors else 200
    _log(form)
    said = {"about": about, "kind": form.kind.data, "text": form.text.data}
    with house().stores.write_released() as main:
        service.write(main, form.item_bytes, (visitor().person_id, visitor().name), said, house().today())
    flash("Written. Leaders, guardians and peers read it.")
    return redirect(url_for("peers.notes"))


@needs("leader")
def answer(note: str) -> ResponseReturnValue:
    """A leader answers."""
    found, form = _note(note), AnswerForm()

    def page(status: int) -> ResponseReturnValue:
        return _page("peer_answer", form=form, one=found, about=_name(found.about)), status

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    _log(form)
    try:
        with house().stores.write_released() as main:
            service.answer(main, found.id, visitor().name, form.text.data, house().today())
    except service.Answered:
        form.form_errors.append("Another leader answered meanwhile. What you typed is still here.")
        return page(409)
    flash("Answered. Peers read it, and so do leaders and guardians.")
    return redirect(url_for("peers.notes"))


def _page(name: str, **said: Any) -> str:
    return render_template(f"learning/{name}.html", in_words=in_words, kinds=KINDS, **said)


def _note(note: str) -> PeerNote:
    try:
        note_id = bytes.fromhex(note)
    except ValueError:
        abort(404)
    with house().stores.read_released() as reader:
        found = note_of(reader, note_id)
    if found is None:
        abort(404)
    return found


def _name(about: str) -> str | None:
    """What a note is about, in words; None for what is not there."""
    with house().stores.read_released() as reader:
        return subjects(reader, promises(reader, house().today())).get(about)


def _log(form: StepForm) -> None:
    log(house(), visitor().person_id, "peer", once=once(form.item_bytes, b"peer"))


for rule, name, view, methods in (
    ("/", "notes", notes, ["GET"]),
    ("/write", "write", write, ["GET", "POST"]),
    ("/<note>/answer", "answer", answer, ["GET", "POST"]),
):
    blueprint.add_url_rule(rule, name, view, methods=methods)
