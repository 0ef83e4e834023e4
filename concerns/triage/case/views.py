"""The guardian's page on one flag, and the photos it links to."""

import dataclasses
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.areas.model import Organisation
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.triage import rules, service
from concerns.triage.case import contact, forms
from concerns.triage.case.photos import NoPhoto, NotAnImage, open_photo, photos_of
from concerns.triage.case.screen import Screen, among
from concerns.triage.reading import Desk, Flag, read_flag
from concerns.triage.showing import at_the_desk, facts, id_in


@needs("guardian")
@at_the_desk
def flag(desk: Desk, thread: str) -> ResponseReturnValue:
    """One flag on one screen: reading it, sorting it, answering, and opening how to reach its reporter."""
    found = _found(desk, thread)
    organisation, areas, themes = facts()
    form = forms.TriageForm(found, themes, areas)
    if "contact" in request.form:
        return _contact(desk, found, form)
    if "template" in request.form:
        # without script the page comes back with everything typed, and the first reply to edit
        form.reply.data = form.reply.data or _first_reply(organisation, desk, found)
        if form.status.data == "received":
            form.status.data = "acknowledged"
        return _page(desk, found, form, filled=True)
    if not form.validate_on_submit():
        return _page(desk, found, form), 422 if form.errors else 200
    try:
        chosen = [code for code in (form.work.primary, *form.work.themes) if code]
        work = dataclasses.replace(form.work, among=among(found, themes, chosen))
        service.record(house(), desk, visitor(), found, work, form.item_bytes)
    except Exception:  # whatever it was, what she typed must come back to her
        current_app.logger.exception("")
        return _page(desk, found, form, failed=True), 503
    flash("Saved. The reporter sees your reply and the status." if form.work.reply else "Saved")
    return redirect(url_for("triage.flag", thread=thread))


@needs("guardian")
@at_the_desk
def photo(desk: Desk, thread: str, envelope: str) -> ResponseReturnValue:
    """One photo of a flag that this guardian can open; it is kept by no browser."""
    try:
        found = open_photo(house(), desk, visitor(), _found(desk, thread), id_in(envelope))
    except NoPhoto:
        abort(404)
    except NotAnImage:
        abort(415)
    return Response(found.data, mimetype=found.type, headers={"Content-Disposition": "inline"})


def _contact(desk: Desk, found: Flag, form: forms.TriageForm) -> ResponseReturnValue:
    """What was typed into the form comes back with the answer, which stands on this one page."""
    act = contact.erase if request.form["contact"] == "erase" else contact.open_contact
    try:
        opened = act(house(), desk, visitor(), found, form.item_bytes)
    except Exception:  # nothing is opened that could not be noted
        current_app.logger.exception("")
        return _page(desk, found, form, not_opened=True), 503
    # read again, for the note that now stands in it
    return _page(desk, read_flag(house(), desk, visitor(), found.facts.thread_id) or found, form, contact=opened)


def _found(desk: Desk, thread: str) -> Flag:
    found = read_flag(house(), desk, visitor(), id_in(thread))
    if found is None:
        abort(404)
    return found


def _page(desk: Desk, found: Flag, form: forms.TriageForm, **said: Any) -> str:
    _organisation, areas, themes = facts()
    policy, manifest = desk.charter.policy, desk.charter.manifest
    photos = photos_of(house(), found)
    screen = Screen(found, areas, themes, policy.clocks, house().today(), manifest, photos)
    return render_template("triage/flag.html", screen=screen, form=form, **said)


def _first_reply(organisation: Organisation, desk: Desk, found: Flag) -> str:
    title = organisation.wording.get("guardian", "guardian")
    by = rules.next_update(found.facts.week, house().today(), desk.charter.policy.clocks)
    return rules.acknowledgement(visitor().name, title, by)
