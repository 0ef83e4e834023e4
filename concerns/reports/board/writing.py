"""The pages on which a leader writes a board paper, looks at the whole of it, and freezes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from concerns.learning.released import Passage
from concerns.learning.standing import authority
from concerns.people.access import needs, visitor
from concerns.reports.board import forms, service
from concerns.reports.board.service import NotFrozen
from concerns.reports.board.subject import subject
from concerns.reports.board.uncounted import content_of
from concerns.store.house import house

#: a part of the board papers' blueprint
blueprint = Blueprint("writing", __name__)


@blueprint.route("/write", methods=["GET", "POST"])
@needs("leader")
def write(period: str) -> ResponseReturnValue:
    """A leader's own words; the numbers and the guardians' view come by themselves."""
    found = subject(period)
    with house().stores.read_released() as reader:
        form = forms.PaperForm(data=asdict(service.draft(reader, found.period)))
    if not form.validate_on_submit():
        return render_template("reports/board_write.html", form=form, subject=found), 422 if form.errors else 200
    service.save_draft(house(), found.period, form.typed)
    return redirect(url_for("reports.board.writing.draft", period=found.period))


@blueprint.route("/draft", methods=["GET", "POST"])
@needs("leader")
def draft(period: str) -> ResponseReturnValue:
    """The whole paper as it would be frozen; a press freezes it."""
    found, form = subject(period), forms.FreezeForm()
    made = found.gather()
    with house().stores.read_released() as reader:
        typed = service.draft(reader, found.period)
    if not typed.whole:
        return redirect(url_for("reports.board.writing.write", period=found.period))
    refused = ""
    if form.validate_on_submit():
        try:
            version = service.freeze(house(), (visitor().person_id, visitor().name), made, typed)
        except NotFrozen as refusal:
            refused = str(refusal)
        else:
            flash(f"Frozen: this is version {version}. It cannot be changed any more.")
            return redirect(url_for("reports.board.paper", period=found.period, version=version))
    document = content_of(made, typed)
    words = words_of(document["parts"])
    page = render_template(
        "reports/board_draft.html", paper=document, form=form, words=words, subject=found, refused=refused, made=made
    )
    return page, 409 if refused else 200


def words_of(parts: Sequence[Mapping[str, Any]]) -> dict[str, Passage]:
    """The released texts that the parts of a paper quote, by id."""
    quoted = [one for part in parts for one in part["quoted"]]
    with house().stores.read_released() as reader:
        return service.words_of(reader, quoted, authority(reader, house().directory))
