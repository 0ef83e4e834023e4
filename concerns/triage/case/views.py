"""The guardian's page on one flag, and the photos it links to."""

import dataclasses
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.areas.model import Organisation
from concerns.areas.rules import standing
from concerns.people.access import needs, visitor
from concerns.sealing.signing import sign_public
from concerns.store.house import house
from concerns.themes.packs import load_pack
from concerns.triage import rules, service
from concerns.triage.case import contact, forms
from concerns.triage.case.letters import Writer
from concerns.triage.case.photos import NoPhoto, NotAnImage, open_photo
from concerns.triage.case.screen import Screen, among
from concerns.triage.case.speaking import language_of, saying_in
from concerns.triage.case.whole import lost_in
from concerns.triage.events.service import event_of, tellings
from concerns.triage.inbox.forms import place, remembered
from concerns.triage.inbox.sifting import next_of, sift
from concerns.triage.index.card import Card
from concerns.triage.index.reads import mark_read
from concerns.triage.index.seeing import is_damaged, read_flag
from concerns.triage.index.serious import serious_words
from concerns.triage.index.service import Index, cards, lazily, look_again
from concerns.triage.index.standing import unanswered_text
from concerns.triage.insight import service as insight
from concerns.triage.insight.alike import alike
from concerns.triage.reading import Desk, Flag
from concerns.triage.seen import newer, seen
from concerns.triage.showing import at_the_desk, facts, id_in


@needs("guardian")
@at_the_desk
def flag(desk: Desk, thread: str) -> ResponseReturnValue:
    """One flag on one screen: reading it, sorting it, answering, and opening how to reach its reporter."""
    found = read_flag(house(), desk, visitor(), id_in(thread))
    if found is None:
        return _changed(desk, thread)
    organisation, areas, themes = facts()
    linked = event_of(found) is not None
    form = forms.TriageForm(found, themes, areas, _writer(organisation, desk, found), linked=linked)
    if "contact" in request.form:
        return _contact(desk, found, form)
    if "template" in request.form:
        # the page comes back with everything typed, and the letter to edit
        form.fill()
        return _page(desk, found, form, filled=not form.errors), 422 if form.errors else 200
    if not form.validate_on_submit():
        return _page(desk, found, form), 422 if form.errors else 200
    return _save(desk, found, form)


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


def _save(desk: Desk, found: Flag, form: forms.TriageForm) -> ResponseReturnValue:
    """Store the valid form, and go where its button leads. Whatever goes wrong, what was typed comes back."""
    thread, themes = found.facts.thread_id.hex(), facts().themes
    try:
        chosen = [code for code in (form.work.primary, *form.work.themes) if code]
        known = cards(house(), desk, visitor())
        engine = insight.engine(house(), desk, visitor(), themes, known)
        work = dataclasses.replace(form.work, among=among(found, engine, chosen))
        following = _following(known, thread) if "next" in request.form else None
        service.record(house(), desk, visitor(), found, work, form.item_bytes, form.seen.data or "")
    except service.Changed:
        return _page(desk, _found(desk, thread), form, changed=True), 409
    except Exception:  # whatever it was, what she typed must come back to her
        current_app.logger.exception("")
        return _page(desk, found, form, failed=True), 503
    _kept(known, found)
    saved = "Saved. The reporter sees your reply and the status." if form.work.reply else "Saved"
    if "next" in request.form:
        return _go_on(following, saved)
    flash(saved)
    return redirect(url_for("triage.flag", thread=thread))


def _kept(known: Index, found: Flag) -> None:
    """Keep what her desk knows of a flag as it is now, so that no later page has to open it again."""
    try:
        known.held.saw(found.facts)
    except Exception:  # it is saved, and her list finds it out by itself
        current_app.logger.exception("")


def _following(known: Index, thread: str) -> Card | None:
    """The next flag of the list that she came from, as it stands before she saves."""
    sieve, today = remembered(facts().themes, facts().areas), house().today()
    listed = sift(known, sieve, today, {theme.code for theme in facts().themes}).cards
    return next_of(listed, thread, known.me, today)


def _go_on(following: Card | None, saved: str) -> ResponseReturnValue:
    """To the next flag; after the last one, to the list that she came from."""
    saved = saved.removesuffix(".")
    if following is None:
        flash(f"{saved}. That was the last flag on this list")
        sieve = remembered(facts().themes, facts().areas)
        return redirect(url_for("triage.inbox", _external=False, **sieve.place))
    flash(f"{saved}. This is the next flag")
    return redirect(url_for("triage.flag", thread=following.thread))


def _changed(desk: Desk, thread: str) -> ResponseReturnValue:
    """What stands in place of a flag that was sealed for her and is not what was sealed; the 404 page for all others."""
    thread_id = id_in(thread)
    if request.method == "POST" or not is_damaged(house(), desk, visitor(), thread_id):
        abort(404)
    look_again(house(), desk, visitor(), thread_id)
    return render_template("triage/flag_changed.html", place=place())


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
    mark_read(house(), desk, visitor(), found)
    organisation, areas, themes = facts()
    clocks, manifest = desk.charter.policy_on(found.facts.week).clocks, desk.charter.manifest
    known = lazily(house(), desk, visitor())
    engine = insight.engine(house(), desk, visitor(), themes, known)
    serious = serious_words(load_pack(organisation.sector).serious).found(unanswered_text(found))
    screen = Screen(found, areas, themes, clocks, house().today(), manifest, engine, serious)
    said["similar"] = alike(house(), desk, visitor(), found, standing(areas))
    said["linked"] = tellings(found, known)
    said["lost"] = lost_in(house(), desk, visitor(), found, known)
    said["place"] = place()
    said["theme_names"] = {one.code: one.name for one in themes}
    own = sign_public(visitor().sign_seed)
    since = newer(found, own, form.seen.data or "") if form.is_submitted() else []
    form.seen.data = seen(found, own)
    return render_template("triage/flag.html", screen=screen, form=form, since=since, **said)


def _writer(organisation: Organisation, desk: Desk, found: Flag) -> Writer:
    clocks, words = desk.charter.policy_on(found.facts.week).clocks, organisation.wording
    language = language_of(found.told("language"))
    return Writer(
        name=visitor().name,
        title=words.get("guardian", "guardian"),
        titles=words.get("guardians", "guardians"),
        by=rules.next_update(found.facts.week, house().today(), clocks),
        signposts=organisation.signposts,
        watch_months=clocks.get("watch_months", 12),
        language=language,
        say=saying_in(language),
    )
