"""The pages "Due to be deleted", and of a legal hold on one flag."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.disclosure.ledger import LedgerRefused
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.themes.returning import ProfileRefused
from concerns.triage.acting import pages, pairs
from concerns.triage.acting.forms import AgreeForm
from concerns.triage.acting.pairs import in_words
from concerns.triage.acts import proposals
from concerns.triage.reading import Desk, Flag
from concerns.triage.retaining import holds, proving, rules, service
from concerns.triage.retaining.forms import DeleteForm, HoldForm
from concerns.triage.retaining.holding import HOLD, hold_of
from concerns.triage.showing import at_the_desk, facts

blueprint = Blueprint("retaining", __name__)


@needs("guardian")
@at_the_desk
def due(desk: Desk) -> ResponseReturnValue:
    """What is due among the flags that she can open; after a press, whether it shall really go."""
    form = DeleteForm()
    step = form.step.data if form.validate_on_submit() else ""
    try:
        if step == "really":
            return _deleted(desk, form)
        page = service.due(house(), desk, visitor())
    except (LedgerRefused, ProfileRefused) as refusal:
        return render_template("triage/retain.html", refused=str(refusal)), 409
    rows = [one for one in page.rows if step == "ask" and one.card.thread_id in form.thread_ids]
    if rows:
        return render_template("triage/retain_ask.html", form=form, rows=rows, in_words=in_words)
    proof = proving.proof(house(), desk, visitor())
    return render_template("triage/retain.html", form=form, page=page, proof=proof, most=rules.MOST, in_words=in_words)


def _deleted(desk: Desk, form: DeleteForm) -> ResponseReturnValue:
    number = service.delete(house(), desk, visitor(), form.thread_ids)
    if number == 0:
        flash("Nothing of it was left to delete, or something in it has changed. Look at the list again")
    else:
        flash(f"{number} {'flag goes' if number == 1 else 'flags go'} with the next daily collecting")
    return redirect(url_for("retaining.due"))


@needs("guardian")
@at_the_desk
def hold(desk: Desk, thread: str) -> ResponseReturnValue:
    """One guardian proposes to keep a flag because the law says so, another agrees, and the reporter is told."""
    flag, form = pages.flag_of(desk, thread), HoldForm(house().today())
    telling = AgreeForm(reply=_told(flag))

    def page(**said: Any) -> str:
        shown = [(one, holds.until_in(one.proposal)) for one in pairs.shown(flag, HOLD)]
        return pages.render(
            "triage/retain_hold.html", flag, form=form, telling=telling, pairs=shown, hold=held(flag), **said
        )

    def content() -> dict[str, Any]:
        return holds.content(house(), flag, form.until.data, form.reason.data)

    return pages.two_person(
        desk, flag, HOLD, form, page, content, agree=lambda link: holds.agree(desk, flag, link, telling)
    )


def held(flag: Flag) -> str:
    """Until when a legal hold keeps this flag, in words; empty where none does."""
    found = hold_of(flag)
    return in_words(found.until) if found and found.until >= house().today() else ""


def _told(flag: Flag) -> str:
    waiting = next((one for one in proposals(flag, HOLD) if one.waits(house().today())), None)
    until = holds.until_in(waiting) if waiting else ""
    return rules.told_of_hold(until, visitor().name, facts().organisation.wording.get("guardian", "guardian"))


blueprint.add_url_rule("/due", "due", due, methods=["GET", "POST"])
blueprint.add_url_rule("/flags/<thread>/hold", "hold", hold, methods=["GET", "POST"])


@blueprint.app_context_processor
def state_of_hold() -> dict[str, Any]:
    """The flag page says whether a legal hold keeps it, and whether one waits for a second guardian."""
    return {"held_until": held, "hold_waits": _waits} if request.endpoint == "triage.flag" else {}


def _waits(flag: Flag) -> bool:
    return any(one.waits(house().today()) for one in proposals(flag, HOLD))
