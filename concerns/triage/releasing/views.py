"""The pages of texts that leave the desk: all of them, one to write, one that waits."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.learning.rules import LEARNING
from concerns.people.access import needs, visitor
from concerns.people.fields import StepForm
from concerns.store.house import house
from concerns.triage.acting.pages import saving
from concerns.triage.acting.pairs import Refused, in_words
from concerns.triage.acting.rules import gate_trouble
from concerns.triage.inbox.forms import page_in
from concerns.triage.reading import Desk
from concerns.triage.releasing import drafts, forms, leaders, offers, service
from concerns.triage.releasing.consent import offered
from concerns.triage.releasing.drafts import Draft
from concerns.triage.releasing.rules import NAMES, PART_NAMES, WRITTEN
from concerns.triage.releasing.service import Session, Stopped
from concerns.triage.showing import at_the_desk, id_in

blueprint = Blueprint("releasing", __name__, url_prefix="/texts")


@needs("guardian")
@at_the_desk
def texts(desk: Desk) -> ResponseReturnValue:
    """What waits, what was released, and what may be written."""
    session, form = _session(desk), StepForm()

    def page(**said: Any) -> str:
        waiting = drafts.opened(house().stores, visitor().kem_seed, house().today())
        named = zip(waiting, offers.about(house(), [one.words for one in waiting]), strict=True)
        shelf = offers.released(house(), session.authority, page_in(request.args.get("page", "")))
        titles = offers.about(house(), [one for one, _when in shelf.texts])
        return render_template(
            "triage/texts.html",
            kinds={kind: NAMES[kind] for kind in WRITTEN},
            waiting=list(named),
            asked=leaders.asked(house()),
            sources={one.source for one in waiting if one.source and not one.declined_by},
            released=[(one, when, title) for (one, when), title in zip(shelf.texts, titles, strict=True)],
            shelf=shelf,
            me=session.me,
            form=form,
            in_words=in_words,
            part_names=PART_NAMES,
            **said,
        )

    def withdrawn() -> str:
        found = service.withdraw(session, id_in(request.form.get("withdraw", "")))
        return "Withdrawn. A mark stays where it could be read." if found else "It was withdrawn before."

    return saving(page, withdrawn) if form.validate_on_submit() else page()


@needs("guardian")
@at_the_desk
def write(desk: Desk, kind: str) -> ResponseReturnValue:
    """Write one: the text check runs when it is proposed, and what it stops comes back with everything typed."""
    if kind not in WRITTEN:
        abort(404)
    session, targets = _session(desk), offers.targets(house(), kind)
    before = _again(kind)
    if kind == LEARNING and _theme(before) not in targets:
        return render_template("triage/texts_theme.html", themes=targets, title=NAMES[kind])
    form = _form(kind, targets, before)
    cards = offered(house(), desk, visitor(), _theme(before)) if kind == LEARNING else []
    found: list[tuple[str, str]] = []

    def page(**said: Any) -> str:
        place = targets.get(_theme(before), "")
        return render_template(
            "triage/texts_write.html", form=form, kind=kind, title=NAMES[kind], found=found, cards=cards, place=place,
            empty=not targets, **said,
        )  # fmt: skip

    def proposed() -> Response:
        _exposed(form)
        try:
            service.propose(session, form.words, form.named, form.item_bytes)
            if before is not None:
                service.stop(session, before)  # the declined one
        except Stopped as stopped:
            found.extend(stopped.found)
            raise
        flash("Proposed. It waits for another guardian, who may agree at her next visit.")
        return make_response(redirect(url_for("releasing.texts")))

    if request.method != "POST":
        return page()
    if not form.validate():
        return page(), 422
    return saving(page, proposed)


@needs("guardian")
@at_the_desk
def waiting(desk: Desk, draft: str) -> ResponseReturnValue:
    """A text that waits: another guardian agrees or declines, and whoever wrote it may stop it."""
    session, draft_id, form = _session(desk), id_in(draft), forms.AnswerToDraft()
    one = _draft(draft_id)
    if one is None:
        if request.method == "POST" and service.is_released(session, draft_id):
            return redirect(url_for("releasing.texts"))
        abort(404)
    found: list[tuple[str, str]] = []

    def page(**said: Any) -> str:
        title = offers.about(house(), [one.words])[0]
        by = desk.charter.manifest.by_person(bytes.fromhex(one.by))
        return render_template(
            "triage/texts_waiting.html", draft=one, title=title, by=by.name if by else "", mine=one.by == session.me,
            found=found, form=form, in_words=in_words, part_names=PART_NAMES, **said,
        )  # fmt: skip

    if request.method != "POST":
        return page()
    if not form.validate():
        return page(), 422
    return saving(page, lambda: _answered(session, one, form, found))


def _answered(session: Session, one: Draft, form: forms.AnswerToDraft, found: list[tuple[str, str]]) -> Response:
    """Do what the pressed button says."""
    if "agree" in request.form:
        try:
            service.agree(session, one)
        except Stopped as stopped:
            found.extend(stopped.found)
            raise Refused("The text check stops it among the flags that you can open. Decline it.") from stopped
        flash("You agreed. It is released.")
    elif "decline" in request.form:
        if not form.reason.data:
            raise Refused("Say why you decline: the guardian who wrote it reads that.")
        service.decline(session, one, form.reason.data)
        flash("Declined. The guardian who wrote it reads why.")
    else:
        service.stop(session, one)
        flash("Taken back. It waits for nobody any more.")
    return make_response(redirect(url_for("releasing.texts")))


def _session(desk: Desk) -> Session:
    return Session(house(), desk, visitor())


def _draft(draft_id: bytes) -> Draft | None:
    found = drafts.opened(house().stores, visitor().kem_seed, house().today())
    return next((one for one in found if one.id == draft_id), None)


def _again(kind: str) -> Draft | None:
    """The text that was declined, to be written anew by whoever wrote it."""
    wanted = request.args.get("again", "")
    one = _draft(id_in(wanted)) if wanted else None
    return one if one and one.words.kind == kind and one.by == visitor().person_id.hex() else None


def _theme(before: Draft | None) -> str:
    return request.form.get("target") or request.args.get("about", "") or (before.words.about if before else "")


def _form(kind: str, targets: dict[str, str], before: Draft | None) -> forms.TextForm:
    data: dict[str, Any] = {"target": _theme(before)} if kind == LEARNING else {}
    if before is not None:
        place = "|".join(filter(None, (before.words.period, before.words.about)))
        data = {**before.words.parts, "target": place, "flags": list(before.flags)}
    return forms.FORMS[kind](targets, **data)


def _exposed(form: forms.TextForm) -> None:
    """Raise Refused where a learning point would show who spoke."""
    if not isinstance(form, forms.LearningForm):
        return
    wrong = gate_trouble(form.answer.data, form.know.data, "choice", "use", answered=False)
    if wrong:
        form[wrong[0]].errors = [wrong[1]]
        raise Refused(wrong[1])
    if form.answer.data not in ("no", "generalise"):
        raise Refused("A learning point must not show who spoke. Ask the reporter first, or hold it.")


for rule, name, view, methods in (
    ("/", "texts", texts, ["GET", "POST"]),
    ("/write/<kind>", "write", write, ["GET", "POST"]),
    ("/<draft>", "waiting", waiting, ["GET", "POST"]),
    ("/asked/<promise>", "asked", leaders.read, ["GET", "POST"]),
):
    blueprint.add_url_rule(rule, name, view, methods=methods)
