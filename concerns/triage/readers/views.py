"""The pages on who may read a flag: a guardian steps back, or hands a newcomer what was there before."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.charter.manifest import GuardianKey
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.triage.index.seeing import read_flag
from concerns.triage.readers import conflict as stepping_back
from concerns.triage.readers import newcomers
from concerns.triage.readers.forms import ConflictForm, HandingForm
from concerns.triage.readers.newcomers import PageOfRows
from concerns.triage.reading import Desk
from concerns.triage.service import Changed
from concerns.triage.showing import at_the_desk, id_in


@needs("guardian")
@at_the_desk
def conflict(desk: Desk, thread: str) -> ResponseReturnValue:
    """She says that she has a conflict of interest; the flag leaves her list for good."""
    found = read_flag(house(), desk, visitor(), id_in(thread))
    if found is None:
        abort(404)
    form, failed, changed = ConflictForm(), False, False
    others = stepping_back.known_readers(desk, visitor(), found)
    if form.validate_on_submit() and others:
        try:
            stepping_back.step_back(house(), desk, visitor(), found, form.reason.data, form.item_bytes)
        except Changed:
            changed = True
        except Exception:  # whatever it was, what she typed must come back to her
            current_app.logger.exception("")
            failed = True
        else:
            flash("You have stepped back. The flag has left your list")
            return redirect(url_for("triage.inbox"))
    refused = changed or (request.method == "POST" and not others)
    status = 503 if failed else 409 if refused else 422 if form.errors else 200
    said = {"failed": failed, "changed": changed}
    page = render_template("triage/conflict.html", form=form, thread=thread, others=others, **said)
    return page, status


@needs("guardian")
@at_the_desk
def newcomer(desk: Desk, person: str) -> ResponseReturnValue:
    """One guardian lets another, who came later, open what was there before."""
    to = desk.charter.manifest.by_person(id_in(person))
    if to is None or to not in newcomers.newcomers(desk.charter.manifest, visitor()):
        abort(404)
    form, after = HandingForm(), request.args.get("after", "")
    if not form.validate_on_submit():
        page = newcomers.page_of(house(), desk, visitor(), to, after)
        return _newcomer_page(form, to, page)
    asked = [id_in(thread) for thread in request.form.get("threads", "").split()[: newcomers.PAGE]]
    rows = newcomers.named(house(), desk, visitor(), to, asked)
    try:
        newcomers.hand(house(), desk, visitor(), to, rows, set(form.leave_out.data or ()), form.item_bytes)
    except Exception:  # what she ticked must come back to her
        current_app.logger.exception("")
        return _newcomer_page(form, to, PageOfRows(tuple(rows), None, behind=False), failed=True), 503
    flash(f"Done. {to.name} reads the flags of that page that you did not leave out")
    return redirect(url_for("triage.newcomer", person=person, after=request.form.get("next") or "~"))


def _newcomer_page(form: HandingForm, to: GuardianKey, page: PageOfRows, *, failed: bool = False) -> str:
    return render_template("triage/newcomer.html", form=form, to=to, page=page, failed=failed)
