"""The inbox, and the button that collects in a rehearsal."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.people.access import needs, visitor
from concerns.sealing.collecting import StoreBusy
from concerns.store.house import house
from concerns.triage import service
from concerns.triage.case import forms
from concerns.triage.inbox.paging import page_of_threads, place_in
from concerns.triage.inbox.rows import rows_of
from concerns.triage.reading import Desk, open_desk, read_flags
from concerns.triage.showing import SHUT, at_the_desk, facts


@needs("guardian")
@at_the_desk
def inbox(desk: Desk) -> ResponseReturnValue:
    only_new = request.args.get("show") != "all"
    after = place_in(request.args.get("after", ""))
    page = page_of_threads(house(), desk, visitor(), only_new=only_new, after=after)
    flags = read_flags(house(), desk, visitor(), page.threads)
    organisation, areas, themes = facts()
    return render_template(
        "triage/inbox.html",
        rows=rows_of(flags, areas, themes, desk.charter.policy.clocks, house().today()),
        page=page,
        only_new=only_new,
        collect_form=forms.CollectForm() if organisation.rehearsal else None,
    )


@needs("guardian")
def collect() -> ResponseReturnValue:
    """In a rehearsal nobody waits for the night."""
    if not facts().organisation.rehearsal:
        abort(403)
    if forms.CollectForm().validate_on_submit():
        try:
            service.collect(house(), open_desk(house()))
        except SHUT:
            return redirect(url_for("people.keys.show"))
        except StoreBusy:
            flash("Somebody was reading at the same time. Wait a moment and press the button again")
        else:
            flash("What has arrived so far is in the inbox now")
    return redirect(url_for("triage.inbox"))
