"""Words that leave the desk: a brief in general words for whoever can act, and an escalation for leaders.

A guardian writes them, the text check reads them in her session, and another guardian, in whose session they are
checked again against the flags that she can open, agrees.
"""

from collections.abc import Callable, Iterator
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from concerns.people.access import needs, visitor
from concerns.people.fields import StepForm
from concerns.sealing.envelope import Kind
from concerns.sealing.saying import said
from concerns.sealing.signing import sign_public
from concerns.store.house import house
from concerns.triage.acting import for_leaders, forms, pages, pairs
from concerns.triage.acting.gate import may_tell_treatment
from concerns.triage.acting.issuing import BRIEF, issue_or_take_back, links
from concerns.triage.acting.pairs import Refused
from concerns.triage.index import service as index
from concerns.triage.reading import Desk, Flag
from concerns.triage.showing import at_the_desk, facts
from concerns.words.checking import Checked, check

ESCALATION = "escalation"
NOT_READ = "Your desk has not yet read every flag that you can open. Press the button again: it reads on each time."
#: what each rule of the text check found, in words
RULES = {
    "overlap": "Six words in a row stand in a flag",
    "near-overlap": "Almost the same words stand in a flag",
    "quotation": "A quotation",
    "digits": "A number",
    "calendar": "A day or a month",
    "names": "A name, or a word with a capital",
    "areas": "The name of another area",
    "details": "A detail that points to somebody",
}


@needs("guardian")
@at_the_desk
def refer(desk: Desk, thread: str) -> ResponseReturnValue:
    """A brief for whoever can act."""
    flag, form, link = pages.flag_of(desk, thread), forms.BriefForm(), forms.LinkForm()
    checked = _checked(desk, flag, form.text.data or "")

    def page(**told: Any) -> str:
        shown = pairs.shown(flag, BRIEF)
        found = _found(checked, form)
        return pages.render(
            "triage/act_refer.html", flag, form=form, link=link, pairs=shown, found=found, links=links(flag), **told
        )

    def content() -> dict[str, Any]:
        kept = _may_leave(flag, form, checked)
        return {"text": form.text.data, "owner": form.owner.data, "check": kept}

    if request.form.keys() & {"link", "paper", "take_back"}:
        return issue_or_take_back(desk, flag, link, page)
    return pages.two_person(
        desk, flag, BRIEF, form, page, content, agree=lambda one: _agree(desk, flag, BRIEF, one, form.item_bytes)
    )


@needs("guardian")
@at_the_desk
def escalate(desk: Desk, thread: str) -> ResponseReturnValue:
    """Words for leaders about something severe, or about somebody who is treated badly for speaking up."""
    flag, form = pages.flag_of(desk, thread), forms.EscalationForm()
    checked = _checked(desk, flag, form.text.data or "")

    def page(**told: Any) -> str:
        shown = pairs.shown(flag, ESCALATION)
        found = _found(checked, form)
        return pages.render("triage/act_escalate.html", flag, form=form, pairs=shown, found=found, **told)

    def content() -> dict[str, Any]:
        kept = _may_leave(flag, form, checked)
        if form.about.data == "detriment":
            _agreed_to_tell(flag)
        signature = for_leaders.signature(desk, form.about.data, form.text.data)
        return {"text": form.text.data, "about": form.about.data, "check": kept, "signature": signature}

    def agree(link: str) -> None:
        proposal = pairs.waiting(flag, ESCALATION, link)
        if said(proposal.content, "about") == "detriment":
            _agreed_to_tell(flag)
        # released first: where the thread cannot be written then, she presses again, and nothing is released twice
        _agree(desk, flag, ESCALATION, link, form.item_bytes, before=lambda: for_leaders.release(desk, proposal))

    return pages.two_person(desk, flag, ESCALATION, form, page, content, agree=agree)


def told(flag: Flag) -> Iterator[str]:
    """Everything that the reporter wrote in this flag's thread, as far as it is collected."""
    yield from (text for name in ("text", "cause", "help") if (text := flag.told(name)))
    yield from (entry.text for entry in flag.entries if entry.kind is Kind.DETAIL and entry.text)


def _checked(desk: Desk, flag: Flag, text: str) -> Checked | None:
    """The text check against what this guardian can open; None while her desk has not read all of it."""
    if not text:
        return check("", ())
    own = pages.area_of(flag)[0]
    areas = [name for area in facts().areas if area.name != own for name in area.names]
    if index.cards(house(), desk, visitor()).behind:
        return None
    return check(text, _all_told(desk, flag), areas)


def _all_told(desk: Desk, flag: Flag) -> Iterator[tuple[str, str]]:
    """What was told in every flag that she can open, by flag; of this one as it is now."""
    yield from ((flag.facts.thread_id.hex(), text) for text in told(flag))
    yield from index.texts(house(), desk, visitor()).items()


def _found(checked: Checked | None, form: StepForm) -> list[tuple[str, str]]:
    """What the text check stumbled over, in words, where the form is otherwise good."""
    return [(RULES[one.rule], one.words) for one in checked.found] if checked and form.is_submitted() else []


def _may_leave(flag: Flag, form: StepForm, checked: Checked | None) -> dict[str, Any]:
    """What is kept of a check that was passed. Raises Refused."""
    pages.must_be_open(flag)
    pages.must_be_fair(flag, form)
    if checked is None:
        raise Refused(NOT_READ)
    if not checked.passed:
        raise Refused("The text check stopped it. Say it in more general words; nothing you typed is lost.")
    return checked.kept


def _agree(
    desk: Desk, flag: Flag, what: str, link: str, item: bytes, before: Callable[[], None] = lambda: None
) -> None:
    proposal = pairs.waiting(flag, what, link)
    text = said(proposal.content, "text")
    pages.must_be_open(flag)
    checked = _checked(desk, flag, text)
    if checked is None:
        raise Refused(NOT_READ)
    if not checked.passed:
        raise Refused("The text check stops it among the flags that you can open. Stop it, and write it anew.")
    if proposal.entry.signer != sign_public(visitor().sign_seed):
        before()
    pairs.agree(desk, flag, what, link, item, check=checked.kept)


def _agreed_to_tell(flag: Flag) -> None:
    """Raises Refused where the reporter did not agree that others hear how she is treated."""
    if not may_tell_treatment(flag):
        raise Refused("The reporter did not agree that anybody but the guardians is told how they are treated.")
