"""A brief that two guardians hold to goes out: behind a link that ends, or on paper. Both stand in the thread."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from concerns.people.access import visitor
from concerns.sealing.saying import day_said, said
from concerns.sealing.text import from_text, to_text
from concerns.store.house import house
from concerns.triage import acts, rules
from concerns.triage.acting import briefs, forms, pages, pairs
from concerns.triage.acting.pairs import Refused
from concerns.triage.acting.rules import last_day_of_brief
from concerns.triage.reading import Desk, Entry, Flag
from concerns.triage.rules import Step
from concerns.words.checking import text_hash

BRIEF, ISSUED, TAKEN_BACK = "brief", "issued", "taken back"
REFERRED = Step("referred")


@dataclass(frozen=True)
class Issued:
    """A link or a paper that went out."""

    by: str
    day: dt.date | None
    #: None for paper
    until: dt.date | None
    mark: str
    works: bool


def links(flag: Flag) -> list[Issued]:
    """Everything that went out, oldest first."""
    gone = {said(entry.act, "mark") for entry in acts.acts(flag, TAKEN_BACK)}
    return [_issued(entry, gone) for entry in acts.acts(flag, ISSUED)]


def issue_or_take_back(desk: Desk, flag: Flag, form: forms.LinkForm, page: Callable[..., str]) -> ResponseReturnValue:
    """What the buttons under an agreed brief do."""
    if "take_back" in request.form:
        return pages.saving(page, lambda: _take_back(desk, flag, request.form["take_back"], form.item_bytes))
    if not form.validate_on_submit():
        return page(), 422
    if "link" in request.form:
        return pages.saving(page, lambda: _link(desk, flag, form))
    return pages.saving(page, lambda: _paper(desk, flag, form))


def _link(desk: Desk, flag: Flag, form: forms.LinkForm) -> Response:
    link = request.form["link"]
    text = _agreed_text(flag, link)
    made = briefs.link_for(visitor().sign_seed, form.item_bytes)
    mark, until = to_text(made.mark), last_day_of_brief(house().today(), int(form.days.data))
    if any(one.mark == mark and not one.works for one in links(flag)):
        raise Refused("That link was taken back. Make another one.")
    act = {"do": ISSUED, "to": link, "way": "link", "until": until.isoformat(), "mark": mark}
    pairs.write(desk, flag, act, form.item_bytes, step=_referred(flag))
    briefs.put(house().stores, made, text, until)
    address = f"{house().desk_origin}{house().desk_path}briefs/{made.text}"
    return make_response(pages.render("triage/act_link.html", flag, address=address, until=pairs.in_words(until)))


def _paper(desk: Desk, flag: Flag, form: forms.LinkForm) -> Response:
    link = request.form["paper"]
    text = _agreed_text(flag, link)
    act = {"do": ISSUED, "to": link, "way": "paper"}
    pairs.write(desk, flag, act, form.item_bytes, step=_referred(flag))
    return make_response(render_template("triage/act_paper.html", text=text, thread=flag.facts.thread_id.hex()))


def _take_back(desk: Desk, flag: Flag, mark: str, item: bytes) -> str:
    if all(one.mark != mark or not one.mark for one in links(flag)):
        raise Refused("There is no such link.")
    briefs.take_back(house().stores, from_text(mark))
    pairs.write(desk, flag, {"do": TAKEN_BACK, "mark": mark}, item)
    return "Taken back. The link works no more."


def _agreed_text(flag: Flag, link: str) -> str:
    """The text of a brief that may go out now. Raises Refused."""
    found = next((one for one in acts.proposals(flag, BRIEF) if one.link == link), None)
    if found is None or not pairs.stands(found):
        raise Refused("Two guardians have to agree first.")
    text, checked = said(found.content, "text"), found.content.get("check")
    if not isinstance(checked, dict) or checked.get("passed") is not True or checked.get("hash") != text_hash(text):
        raise Refused("These words did not pass the text check. Write them anew.")
    pages.must_be_open(flag)
    return text


def _referred(flag: Flag) -> Step:
    """The status that follows. Raises Refused where it cannot follow."""
    if flag.record is None:
        raise Refused("Sort the flag first: a flag that nobody sorted cannot be referred.")
    if REFERRED not in rules.steps_from(flag.step):
        raise Refused(f"The status is “{flag.step.name}”. Reopen the flag first.")
    return REFERRED


def _issued(entry: Entry, gone: set[str]) -> Issued:
    until, mark = day_said(entry.act, "until"), said(entry.act, "mark")
    works = until is not None and house().today() <= until and mark not in gone
    return Issued(entry.guardian or "", entry.day, until, mark, works)
