"""The page on which a guardian links a flag with other tellings of one event, and takes it out again."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from concerns.areas.rules import standing
from concerns.people.access import needs, visitor
from concerns.people.fields import StepForm
from concerns.store.house import house
from concerns.triage.events import service
from concerns.triage.index.seeing import read_flag
from concerns.triage.index.service import cards
from concerns.triage.insight.alike import alike, this_month
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import first_words
from concerns.triage.showing import at_the_desk, facts, id_in


@needs("guardian")
@at_the_desk
def events(desk: Desk, thread: str) -> ResponseReturnValue:
    """What a flag is linked with, and what it may be linked with; nothing is ever linked without a press."""
    found = read_flag(house(), desk, visitor(), id_in(thread))
    if found is None:
        abort(404)
    form = StepForm()
    if not form.validate_on_submit():
        return _page(desk, found, form), 422 if form.errors else 200
    try:
        flash(_done(desk, found, form))
    except service.CannotLink as refusal:
        return _page(desk, found, form, refused=str(refusal)), 409
    except (service.Gone, NotFound):
        abort(404)
    except Exception:  # whatever it was, she must be told that it may not have been done
        current_app.logger.exception("")
        return _page(desk, found, form, failed=True), 503
    return redirect(url_for("triage.events", thread=thread))


def _done(desk: Desk, found: Flag, form: StepForm) -> str:
    if "unlink" in request.form:
        service.unlink(house(), desk, visitor(), found, form.item_bytes)
        return "Taken out. The flag stands for itself again"
    other = service.open_one(house(), desk, visitor(), id_in(request.form.get("link", "")))
    if other is None:
        raise service.Gone
    service.link(house(), desk, visitor(), found, other, form.item_bytes)
    return "Linked. They count as one event"


def _page(desk: Desk, found: Flag, form: StepForm, **said: Any) -> str:
    _organisation, areas, themes = facts()
    known = cards(house(), desk, visitor())
    likest = alike(house(), desk, visitor(), found, standing(areas))
    linked = service.tellings(found, known)
    listed = {card.thread for card in linked} | {one.card.thread for one in likest}
    others = [one for one in this_month(house(), desk, visitor(), found) if one.card.thread not in listed]
    return render_template(
        "triage/events.html",
        thread=found.facts.thread_id.hex(),
        words=first_words(found.told("text")),
        event=service.event_of(found) if linked else None,
        linked=linked,
        likest=likest,
        others=others,
        form=form,
        areas={code: one.name for one in areas for code in one.codes},
        themes={one.code: one.name for one in themes},
        **said,
    )
