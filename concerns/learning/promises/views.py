"""The pages of promises: the ledger of all of them, one of them, and what leaders write there."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.rules import in_words, once
from concerns.audit.service import note
from concerns.disclosure.periods import Kind, Period
from concerns.learning import service as learning
from concerns.learning.peers.queries import notes_on
from concerns.learning.peers.rules import KINDS as NOTE_KINDS
from concerns.learning.promises import forms, rules, service, wording
from concerns.learning.promises.queries import Promise, Promises, promises
from concerns.learning.rules import Words
from concerns.learning.service import NotReleased
from concerns.learning.standing import authority
from concerns.people.access import needs, visitor
from concerns.people.fields import StepForm
from concerns.store.house import house
from concerns.themes.queries import current_set

blueprint = Blueprint("promises", __name__, url_prefix="/promises")
READERS = ("leader", "guardian", "peer", "overseer")
#: promises on one page of the ledger
PAGE = 50


@needs(*READERS)
def ledger() -> ResponseReturnValue:
    """Every promise with what became of it; what is overdue first, then what is to be looked at again."""
    found, year = _all(), Period.of(Kind.YEAR, house().today())
    structural = found.structural_in(Period.of(Kind.QUARTER, house().today()), year)
    pages = max(1, -(-len(found.all) // PAGE))
    number = min(forms.page_in(request.args.get("page", "")), pages)
    shown = found.all[(number - 1) * PAGE : number * PAGE]
    return _page("promises", found=found, shown=shown, number=number, pages=pages, structural=structural)


@needs(*READERS)
def show(promise: str) -> ResponseReturnValue:
    """One promise, from its making on."""
    one, words = _one(promise)
    drafts = not visitor().roles.isdisjoint(("leader", "guardian"))
    with house().stores.read_released() as reader:
        notes = notes_on(reader, f"promise:{promise}")
    return _page("promise", one=one, words=words, drafts=drafts, notes=notes)


@needs("leader")
def new_action() -> ResponseReturnValue:
    """A leader promises an action, and sees what was tried before."""
    form = forms.ActionForm(_themes(), house().today())
    if not form.validate_on_submit():
        return _page("promise_action", form=form, tried=_all().tried), 422 if form.errors else 200
    _note(rules.ACTION, form.new.theme_code, form)
    with house().stores.write_released() as main:
        service.make_action(main, form.item_bytes, form.new, form.first)
    return _done("Promised. It stands in the list from now on.", form.item_bytes.hex())


@needs("leader")
def new_response() -> ResponseReturnValue:
    """A leader promises an answer to a theme, and writes it on the next page."""
    form = forms.ResponseForm(_themes(), house().today())
    if not form.validate_on_submit():
        return _page("promise_response", form=form), 422 if form.errors else 200
    _note(rules.RESPONSE, form.theme.data, form)
    with house().stores.write_released() as main:
        service.make_response(main, form.item_bytes, form.theme.data, {}, form.first)
    return _done("Promised. Write the answer now, or come back to it.", form.item_bytes.hex(), "promises.words")


@needs("leader")
def words(promise: str) -> ResponseReturnValue:
    """What staff will read of it: kept as a draft, or handed to the guardians."""
    one, now = _one(promise)
    form = forms.WORDS_FORMS[now.kind](seen=service.mark_of(now), **now.parts)

    def page(status: int = 200) -> ResponseReturnValue:
        return _page("promise_words", one=one, form=form), status

    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    _note(one.kind, one.theme_code, form)
    with house().stores.write_released() as main:
        if not _try(form, lambda: service.write(main, one.id, form.seen.data, form.parts)):
            return page(409)
    if "ask" not in request.form:
        return _done("Kept as a draft.", promise)
    written = Words(now.kind, "", now.about, form.parts)
    form.seen.data = service.mark_of(written)
    if not form.complete() or not _may_stand(form, written):
        return page(422)
    with house().stores.write_released() as main:
        if not _try(form, lambda: service.ask(main, one.id)):
            return page(409)
    return _done("Handed to the guardians. Two of them have to release it.", promise)


@needs("leader")
def dates(promise: str) -> ResponseReturnValue:
    """New dates, with the reason; the old ones stay in its history."""
    one, _words = _one(promise)
    form = forms.DatesForm(house().today(), seen=str(one.steps), due=one.due, review=one.review)
    return _step(one, form, "promise_dates", lambda: form.moved, "The new dates stand.")


@needs("leader")
def end(promise: str) -> ResponseReturnValue:
    """It is done, ended early, or dropped: each with its reason."""
    one, _words = _one(promise)
    form = forms.EndForm(seen=str(one.steps))
    if one.kind == rules.RESPONSE:  # an answer is done when staff read it
        form.how.choices = [choice for choice in form.how.choices if choice.value == rules.GIVEN_UP]
    today = house().today()
    return _step(
        one, form, "promise_end",
        lambda: rules.Change(form.how.data, today, one.due, one.review, form.because.data), "Noted.",
    )  # fmt: skip


@needs("leader")
def review(promise: str) -> ResponseReturnValue:
    """Somebody looked at an action again, also long after it was done: whether it worked, and how one knows."""
    one, _words = _one(promise)
    if one.kind != rules.ACTION:  # an answer is kept when staff read it: nothing is looked at again
        return redirect(url_for("promises.show", promise=promise))
    form = forms.ReviewForm(house().today(), seen=str(one.steps))
    return _step(one, form, "promise_review", lambda: form.reviewed(one.due), "Noted. It stands in the list.")


def _step(
    one: Promise, form: StepForm, template: str, step: Callable[[], rules.Change], said: str
) -> ResponseReturnValue:
    """A page on which a step is added to a promise."""
    if not form.validate_on_submit():
        return _page(template, one=one, form=form), 422 if form.errors else 200
    _note(one.kind, one.theme_code, form)
    seen = int(form.seen.data) if form.seen.data.isdecimal() else -1
    with house().stores.write_released() as main:
        if not _try(form, lambda: service.change(main, one.id, seen, step())):
            return _page(template, one=one, form=form), 409
    return _done(said, one.id.hex())


def _try(form: StepForm, do: Callable[[], None]) -> bool:
    """Whether it was done; else the page says why not."""
    try:
        do()
    except service.PromiseRefused as refusal:
        form.form_errors.append(str(refusal))
        return False
    return True


def _may_stand(form: StepForm, words: Words) -> bool:
    """Whether what staff would read stands on something, so that guardians could release it."""
    with house().stores.read_released() as reader:
        trusted = authority(reader, house().directory)
        if trusted is None:
            form.form_errors.append("Nothing can be released before all guardians have signed their keys.")
            return False
        try:
            learning.may_stand(reader, words, trusted, house().today())
        except NotReleased as refusal:
            form.form_errors.append(str(refusal))
            return False
    return True


def _page(name: str, **said: Any) -> str:
    return render_template(
        f"learning/{name}.html", rules=rules, wording=wording, note_kinds=NOTE_KINDS, in_words=in_words,
        today=house().today(), **said,
    )  # fmt: skip


def _all() -> Promises:
    with house().stores.read_released() as reader:
        return promises(reader, house().today())


def _one(promise: str) -> tuple[Promise, Words]:
    """The promise in the address, and its words for staff; the 404 page where there is none."""
    try:
        promise_id = bytes.fromhex(promise)
    except ValueError:
        abort(404)
    with house().stores.read_released() as reader:
        found, words = promises(reader, house().today()).find(promise_id), service.words_of(reader, promise_id)
    if found is None or words is None:
        abort(404)
    return found, words


def _themes() -> dict[str, str]:
    with house().stores.read_released() as reader:
        return {theme.code: theme.name for theme in current_set(reader, house().today())}


def _note(kind: str, theme: str, form: StepForm) -> None:
    """Enter it in the log, once for each form shown."""
    about = f"{kind} {theme}".strip()
    note(house(), visitor().person_id, "promised", about=about, once=once(form.item_bytes, b"promised"))


def _done(said: str, promise: str, endpoint: str = "promises.show") -> Response:
    flash(said)
    return make_response(redirect(url_for(endpoint, promise=promise)))


for rule, name, view, methods in (
    ("/", "ledger", ledger, ["GET"]),
    ("/action", "new_action", new_action, ["GET", "POST"]),
    ("/response", "new_response", new_response, ["GET", "POST"]),
    ("/<promise>", "show", show, ["GET"]),
    ("/<promise>/words", "words", words, ["GET", "POST"]),
    ("/<promise>/dates", "dates", dates, ["GET", "POST"]),
    ("/<promise>/end", "end", end, ["GET", "POST"]),
    ("/<promise>/review", "review", review, ["GET", "POST"]),
):
    blueprint.add_url_rule(rule, name, view, methods=methods)
