"""The pages on a guardian's leave: its days, and who takes over what she has."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.areas.rules import day_in_words
from concerns.people import keeping
from concerns.people.access import needs, visitor
from concerns.people.duties import absences
from concerns.people.duties.absences import Away
from concerns.people.forms import PressForm
from concerns.store.house import house
from concerns.triage.leave import service
from concerns.triage.leave.forms import TO, HandOverForm, LeaveForm, hand_over_form
from concerns.triage.leave.service import PageOfMine
from concerns.triage.reading import Desk
from concerns.triage.showing import at_the_desk, id_in


@needs("guardian")
def leave() -> ResponseReturnValue:
    """From when until when she is away."""
    me, today = visitor().person_id, house().today()
    with house().stores.read_main() as main:
        row = absences.leave_of(main, me, today)
    form = LeaveForm(today, row.first if row else None, row.last if row else None)
    if "back" in request.form and PressForm().validate_on_submit():
        absences.end_leave(house(), me)
        flash("Saved. You are not away")
        return redirect(url_for("triage.leave"))
    if form.validate_on_submit():
        absences.set_leave(house(), me, form.first.data, form.last.data)
        flash("Saved. The other guardians see until when you are away")
        return redirect(url_for("triage.leave"))
    return render_template("triage/leave.html", form=form, row=row), 422 if form.errors else 200


@needs("guardian")
@at_the_desk
def hand_over(desk: Desk) -> ResponseReturnValue:
    """Some of her flags go to other guardians, each with a line of note."""
    if request.method == "GET":
        page = service.mine(house(), desk, visitor(), request.args.get("after", ""))
        return _hand_over_page(hand_over_form(page.rows, _until()), page)
    asked = [name.removeprefix(TO) for name in request.form if name.startswith(TO)][: service.PAGE]
    rows = service.opened(house(), desk, visitor(), [id_in(thread) for thread in asked])
    if len(rows) < len(asked):
        return keeping.bring_back(keeping.GONE)
    page, form = PageOfMine(tuple(rows), next=None, behind=False), hand_over_form(rows, _until())
    if not form.validate_on_submit():
        return _hand_over_page(form, page), 422
    if not form.chosen:
        form.form_errors.append("Choose who takes over at least one flag")
        return _hand_over_page(form, page), 422
    try:
        _hand_over(desk, page, form)
    except Exception:  # whatever it was, what she typed must come back to her
        current_app.logger.exception("")
        return _hand_over_page(form, page, failed=True), 503
    flash("Handed over. It stands in the notes of each flag")
    return redirect(url_for("triage.hand_over"))


def who_is_away() -> list[Away]:
    """Guardians on leave today, for the pages that say so."""
    with house().stores.read_main() as main:
        return absences.away(main, house().today())


def _hand_over(desk: Desk, page: PageOfMine, form: HandOverForm) -> None:
    people = {one.person_id.hex(): one for one in desk.charter.manifest.guardians}
    for row in page.rows:
        if row.thread in form.chosen:
            person, words = form.chosen[row.thread]
            service.hand_over(house(), desk, visitor(), row, people[person], words, form.item_bytes)


def _until() -> dict[bytes, str]:
    return {one.person_id: f" (away until {day_in_words(one.last)})" for one in who_is_away()}


def _hand_over_page(form: HandOverForm, page: PageOfMine, **said: Any) -> str:
    return render_template("triage/hand_over.html", form=form, page=page, **said)
