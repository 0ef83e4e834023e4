"""What the pages of acting share: the flag in question, saving without losing a word, and pages of two-person steps."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form

from concerns.people.access import visitor
from concerns.people.fields import StepForm
from concerns.store.house import house
from concerns.triage.acting import pairs
from concerns.triage.acting.gate import fair_of, gate_of
from concerns.triage.acting.pairs import Refused, in_words
from concerns.triage.index.seeing import read_flag
from concerns.triage.reading import Desk, Flag
from concerns.triage.rules import CONSENTS
from concerns.triage.showing import facts, id_in

#: renders a page with what is said on it
Render = Callable[..., str]

NO_GATE = "Ask first whether acting would show who spoke: the exposure gate is not open."
NOT_FAIR = "It is about one person: answer the five just-culture questions first."


def flag_of(desk: Desk, thread: str) -> Flag:
    """The flag in the address; the 404 page where it is unknown or not for this guardian."""
    found = read_flag(house(), desk, visitor(), id_in(thread))
    if found is None:
        abort(404)
    return found


def area_of(flag: Flag) -> tuple[str, str]:
    """Where it is, as it was sorted or told: the name, and the name with its division and head-count."""
    code = (str(flag.record.payload.get("area") or "") if flag.record else "") or flag.told("area")
    found = next((area for area in facts().areas if code in area.codes), None)
    return (found.name, f"{found.name}, {found.division} ({found.staff} staff)") if found else ("", "Not said")


def consent_of(flag: Flag) -> str:
    return CONSENTS.get(flag.told("consent"), "Not said: use it without details")


def render(template: str, flag: Flag, **said: Any) -> str:
    """A page about one flag."""
    return render_template(
        template,
        flag=flag,
        thread=flag.facts.thread_id.hex(),
        gate=gate_of(flag),
        fair=fair_of(flag),
        consent=consent_of(flag),
        area=area_of(flag)[1],
        in_words=in_words,
        **said,
    )


def saving(page: Render, do: Callable[[], str | Response]) -> ResponseReturnValue:
    """Do it, say so and show the page anew; where it fails, the page comes back with everything typed.

    `do` returns what is said afterwards, which holds nothing of the flag, or an answer of its own. It may raise Refused.
    """
    try:
        done = do()
    except Refused as refusal:
        return page(refused=str(refusal)), 409
    except Exception:  # whatever it was, what she typed must come back to her
        current_app.logger.exception("")
        return page(failed=True), 503
    if isinstance(done, Response):
        return done
    flash(done)
    return redirect(request.script_root + request.path)


def two_person(
    desk: Desk,
    flag: Flag,
    what: str,
    form: StepForm,
    page: Render,
    content: Callable[[], dict[str, Any]],
    *,
    agree: Callable[[str], None] | None = None,
) -> ResponseReturnValue:
    """A page on which one guardian proposes, another agrees, and either may stop it.

    `content` gives what is proposed from the valid form; `agree` agrees to the proposal with this link. Both may raise
    Refused.
    """

    def agreed() -> str:
        link = request.form["agree"]
        if not pairs.agreed_already(flag, what, link):
            (agree or (lambda one: pairs.agree(desk, flag, what, one, form.item_bytes)))(link)
        return "You agreed. Two guardians now hold to it."

    def withdrawn() -> str:
        pairs.withdraw(desk, flag, what, request.form["withdraw"], form.item_bytes)
        return "Stopped. It is not done."

    def proposed() -> str:
        pairs.propose(desk, flag, what, form.item_bytes, content())
        return "Proposed. It waits for another guardian, who may agree at her next visit."

    if request.method != "POST":
        return page()
    if "agree" in request.form:
        return saving(page, agreed)
    if "withdraw" in request.form:
        return saving(page, withdrawn)
    if not form.validate_on_submit():
        return page(), 422
    return saving(page, proposed)


def must_be_fair(flag: Flag, form: Form) -> None:
    """Raises Refused where one person is meant and nobody asked the five questions."""
    if form.person.data == "yes" and fair_of(flag) is None:
        raise Refused(NOT_FAIR)


def must_be_open(flag: Flag) -> None:
    """Raises Refused where the exposure gate is not open."""
    gate = gate_of(flag)
    if gate is None or not gate.open:
        raise Refused(NO_GATE)
