"""The addresses of acting on a flag; here the gate, the five questions, and flags that are not from our staff."""

import datetime as dt
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.triage import acts
from concerns.triage.acting import briefs, forms, handing, leaving, pages, pairs, rules
from concerns.triage.acting.copies import HAND_OVER, newest
from concerns.triage.acting.gate import FAIR, GATE, answered, gate_of, heard
from concerns.triage.acting.issuing import BRIEF
from concerns.triage.acting.leaving import ESCALATION
from concerns.triage.acting.ours import NOT_OURS, OURS_AFTER_ALL
from concerns.triage.acting.ours import not_ours as is_not_ours
from concerns.triage.case.marked import KINDS
from concerns.triage.index import service as index
from concerns.triage.reading import Desk, Flag
from concerns.triage.showing import at_the_desk, facts
from concerns.words.rules import spot

blueprint = Blueprint("acting", __name__)
WROTE_SINCE = "The reporter has written since you opened this page. Read it below, then save."
#: rows of the list of what waits
MOST = 50


@needs("guardian")
@at_the_desk
def gate(desk: Desk, thread: str) -> ResponseReturnValue:
    """Would acting on this show who spoke?"""
    flag = pages.flag_of(desk, thread)
    title = facts().organisation.wording.get("guardian", "guardian")
    form = forms.GateForm(question=rules.question(visitor().name, title))
    overtaken = form.overtaken(heard(flag))
    details = [(text[span.start : span.end], KINDS[span.kind][0]) for text in leaving.told(flag) for span in spot(text)]

    def page(**said: Any) -> str:
        return pages.render("triage/act_gate.html", flag, form=form, details=details, added=newest(flag), **said)

    def passed() -> str:
        asks = form.answer.data == "ask"
        ground = form.ground.data if form.answer.data in rules.OPEN else ""
        act: dict[str, Any] = {"do": GATE, "answer": form.answer.data, "know": form.know.data, "ground": ground}
        reply = form.question.data if asks else ""
        act |= {"reason": form.reason.data, "heard": heard(flag)}
        pairs.write(desk, flag, act, form.item_bytes, reply=reply)
        return "Noted. Your question is in the thread, where the reporter reads it." if asks else "Noted."

    if not form.validate_on_submit():
        return page(), 422 if form.errors else 200
    if overtaken:
        return page(refused=WROTE_SINCE), 409
    if form.answer.data == "ask" and not form.question.data:
        form.question.errors = ["Write the question to the reporter"]
        return page(), 422
    consent = flag.told("consent")
    wrong = rules.gate_trouble(form.answer.data, form.know.data, form.ground.data, consent, answered=answered(flag))
    if wrong:
        form[wrong[0]].errors = [wrong[1]]
        return page(), 422
    return pages.saving(page, passed)


@needs("guardian")
@at_the_desk
def fair(desk: Desk, thread: str) -> ResponseReturnValue:
    """The just-culture check: five questions before anything is aimed at one person."""
    flag, form = pages.flag_of(desk, thread), forms.FairForm()

    def page(**said: Any) -> str:
        return pages.render("triage/act_fair.html", flag, form=form, questions=list(rules.FAIR_QUESTIONS), **said)

    def done() -> str:
        result = rules.fair_result(form.answers)
        act = {"do": FAIR, "answers": form.answers, "result": result, "reason": form.reason.data}
        pairs.write(desk, flag, act, form.item_bytes)
        return "Noted. Read below what your answers point to."

    if not form.validate_on_submit():
        return page(), 422 if form.errors else 200
    return pages.saving(page, done)


@needs("guardian")
@at_the_desk
def not_ours(desk: Desk, thread: str) -> ResponseReturnValue:
    """Two guardians say that this flag is not from our staff: then no report counts it. Two may take that back."""
    flag, form = pages.flag_of(desk, thread), forms.ReasonForm()
    marked = is_not_ours(flag) is not None

    def page(**said: Any) -> str:
        both = [(what, one) for what in (NOT_OURS, OURS_AFTER_ALL) for one in pairs.shown(flag, what)]
        return pages.render("triage/act_not_ours.html", flag, form=form, pairs=both, marked=marked, **said)

    what = OURS_AFTER_ALL if marked else NOT_OURS
    return pages.two_person(desk, flag, what, form, page, lambda: {"reason": form.reason.data})


@needs("guardian")
@at_the_desk
def waiting(desk: Desk) -> ResponseReturnValue:
    """The flags in which another guardian's proposal waits for the visitor."""
    found, today = index.cards(house(), desk, visitor()), house().today()
    cards = sorted(
        (card for card in found.cards if card.asked_until >= today.toordinal()), key=lambda one: one.asked_until
    )
    rows = [(card, pairs.in_words(dt.date.fromordinal(card.asked_until))) for card in cards[:MOST]]
    return render_template("triage/act_waiting.html", rows=rows, more=len(cards) - len(rows), behind=found.behind)


def brief(token: str) -> ResponseReturnValue:
    """A brief as its owner reads it, without an account. The page holds no way back to a flag."""
    found = briefs.read(house().stores, token, house().today())
    if found is None:
        return render_template("triage/brief_gone.html"), 404
    return render_template("triage/brief.html", brief=found, until=pairs.in_words(found.until))


for rule, name, view in (
    ("/flags/<thread>/gate", "gate", gate),
    ("/flags/<thread>/just-culture", "fair", fair),
    ("/flags/<thread>/refer", "refer", leaving.refer),
    ("/flags/<thread>/escalate", "escalate", leaving.escalate),
    ("/flags/<thread>/hand-over", "hand_over", handing.hand_over),
    ("/flags/<thread>/not-ours", "not_ours", not_ours),
):
    blueprint.add_url_rule(rule, name, view, methods=["GET", "POST"])
blueprint.add_url_rule("/flags/<thread>/hand-over/copy", "copy", handing.copy, methods=["POST"])
blueprint.add_url_rule("/waiting", "waiting", waiting, methods=["GET"])
blueprint.add_url_rule("/briefs/<token>", "brief", brief, methods=["GET"])


@blueprint.app_context_processor
def state_of_steps() -> dict[str, Any]:
    """The flag page says beside each link how its step stands."""
    return {"gate_of": gate_of, "waits_for_second": _waits} if request.endpoint == "triage.flag" else {}


def _waits(flag: Flag) -> set[str]:
    """The two-person steps that wait for another guardian."""
    whats, today = (BRIEF, ESCALATION, HAND_OVER, NOT_OURS, OURS_AFTER_ALL), house().today()
    return {what for what in whats if any(one.waits(today) for one in acts.proposals(flag, what))}
