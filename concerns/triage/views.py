"""The guardian's pages: the inbox, and one flag on one screen."""

from contextlib import suppress

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.areas import queries as areas_queries
from concerns.areas.model import Organisation
from concerns.areas.rules import AreaFacts
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.people import keeping
from concerns.people.access import needs, signed_in, visitor
from concerns.sealing.collecting import StoreBusy
from concerns.store.house import house
from concerns.themes import queries as themes_queries
from concerns.themes.rules import ThemeFacts
from concerns.triage import forms, rules, service
from concerns.triage.inbox import rows_of
from concerns.triage.queries import LAST_PAGE, page_of_threads
from concerns.triage.reading import Desk, Flag, open_desk, read_flag, read_flags, unproven
from concerns.triage.screen import Screen

blueprint = Blueprint("triage", __name__)

#: nothing can be opened or sealed; the page on guardians' keys says why
SHUT = (NotOpenYet, CharterRefused)


@blueprint.before_app_request
def daily_collect() -> None:
    """Arrivals become visible at the first request of a guardian after the policy's hour."""
    found = signed_in()
    if found is None or found.secret is None or service.collected_today(house()):
        return
    with suppress(*SHUT):
        service.collect_if_due(house(), open_desk(house()))


@blueprint.get("/inbox")
@needs("guardian")
def inbox() -> ResponseReturnValue:
    try:
        desk = open_desk(house())
    except SHUT:
        return redirect(url_for("people.keys.show"))
    only_new = request.args.get("show") != "all"
    number = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    doubted = unproven(house(), desk, visitor()) if only_new else frozenset()
    page = page_of_threads(house().stores, only_new, number, doubted)
    flags = read_flags(house(), desk, visitor(), page.threads)
    organisation, areas, themes = _facts()
    rows = rows_of(flags, areas, themes, desk.charter.policy.clocks, house().today())
    return render_template(
        "triage/inbox.html",
        rows=rows,
        page=page,
        only_new=only_new,
        collect_form=forms.CollectForm() if organisation.rehearsal else None,
    )


@blueprint.post("/collect")
@needs("guardian")
def collect() -> ResponseReturnValue:
    """In a rehearsal nobody waits for the night."""
    organisation, _areas, _themes = _facts()
    if not organisation.rehearsal:
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


@blueprint.route("/flags/<thread>", methods=["GET", "POST"])
@needs("guardian")
def flag(thread: str) -> ResponseReturnValue:
    try:
        desk = open_desk(house())
    except SHUT:
        if request.method == "POST":
            return keeping.bring_back(keeping.SHUT)
        return redirect(url_for("people.keys.show"))
    found = read_flag(house(), desk, visitor(), _id(thread))
    if found is None:
        abort(404)
    organisation, areas, themes = _facts()
    form = forms.TriageForm(found, themes, areas)
    screen = Screen(found, areas, themes, desk.charter.policy.clocks, house().today())
    if "template" in request.form:
        # without script the page comes back with everything typed, and the first reply to edit
        form.reply.data = form.reply.data or _first_reply(organisation, desk, found)
        if form.status.data == "received":
            form.status.data = "acknowledged"
        return render_template("triage/flag.html", screen=screen, form=form, filled=True)
    if not form.validate_on_submit():
        return render_template("triage/flag.html", screen=screen, form=form), 422 if form.errors else 200
    try:
        service.record(house(), desk, visitor(), found, form.work, form.item_bytes)
    except Exception:  # whatever it was, what she typed must come back to her
        current_app.logger.exception("")
        return render_template("triage/flag.html", screen=screen, form=form, failed=True), 503
    flash("Saved. The reporter sees your reply and the status." if form.work.reply else "Saved")
    return redirect(url_for("triage.flag", thread=thread))


def _facts() -> tuple[Organisation, list[AreaFacts], list[ThemeFacts]]:
    with house().stores.read_main() as main:
        return (
            areas_queries.organisation(main),
            areas_queries.area_facts(main),
            themes_queries.current_set(main, house().today()),
        )


def _first_reply(organisation: Organisation, desk: Desk, found: Flag) -> str:
    title = organisation.wording.get("guardian", "guardian")
    by = rules.next_update(found.facts.week, house().today(), desk.charter.policy.clocks)
    return rules.acknowledgement(visitor().name, title, by)


def _id(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        abort(404)
    if len(found) != 16:
        abort(404)
    return found
