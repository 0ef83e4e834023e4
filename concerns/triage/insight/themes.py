"""The page on which a guardian tries a change of the themes or of their words on her flags, and agrees or sends it back."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from concerns.charter.service import CharterRefused
from concerns.pages.forms import DeskForm
from concerns.people.access import needs, visitor
from concerns.people.categories import service
from concerns.people.fields import one_of
from concerns.store.house import house
from concerns.themes.editing.rules import ANSWERS, shared_keywords, telling_names
from concerns.themes.editing.service import PlanRefused
from concerns.themes.editing.summary import reworded
from concerns.themes.mapping import ChangeRefused
from concerns.triage.index.service import cards
from concerns.triage.insight.foreseen import Foreseen, foreseen, of_plan, of_words
from concerns.triage.reading import Desk
from concerns.triage.showing import at_the_desk, facts

#: what may be tried
PLAN, WORDS = "try", "try-words"
REFUSED = (PlanRefused, ChangeRefused, CharterRefused)


class SendBackForm(DeskForm):
    """Why a change goes back: a fixed sentence, so that nothing of a flag leaves the desk."""

    document = HiddenField()
    answer = one_of("Why you send it back", ANSWERS, "Choose why you send it back")


class ReadForm(DeskForm):
    """A press on the change that was read."""

    document = HiddenField()


@needs("guardian")
@at_the_desk
def theme_change(desk: Desk) -> ResponseReturnValue:
    """The change that waits; the button says what is done with it."""
    pressed, form, read = request.form.get("press", ""), SendBackForm(), ReadForm()
    if request.method != "POST" or not read.validate_on_submit():
        return _page(SendBackForm(formdata=None))
    if pressed in (PLAN, WORDS):
        return _page(SendBackForm(formdata=None), _tried(desk, pressed))
    try:
        if pressed == "agree":
            service.agree(house(), visitor(), read.document.data or "")
            flash("You agreed. The change is in force from 1 January")
        elif form.validate():
            service.send_back(house(), visitor(), read.document.data or "", form.answer.data)
            flash("You sent it back. The themes stay as they are")
        else:
            return _page(form), 422
    except REFUSED as refused:
        return _page(SendBackForm(formdata=None), refused=str(refused)), 409
    return redirect(url_for("triage.theme_change"))


def themes_wait() -> bool:
    """Whether a change of the themes waits for a guardian: her lists say so."""
    return service.waits(house())


def _tried(desk: Desk, pressed: str) -> dict[str, Foreseen]:
    """What came of the trial, by what was tried; nothing where there is nothing to try any more."""
    found, newest = service.planned(house()), service.newest_rewording(house())
    if pressed == PLAN:
        trial = of_plan(found, newest) if found.waits else None
    else:
        trial = of_words(newest) if newest and newest.changed else None
    return {pressed: foreseen(house(), desk, visitor(), trial, cards(house(), desk, visitor()))} if trial else {}


def _page(form: SendBackForm, tried: Mapping[str, Foreseen] | None = None, refused: str = "") -> str:
    found = service.planned(house())
    return render_template(
        "triage/insight_themes.html",
        found=found,
        newest=service.newest_rewording(house()),
        form=form,
        tried=tried or {},
        refused=refused,
        shared=shared_keywords(found.later),
        telling=telling_names(found.later),
        names={theme.code: theme.name for theme in facts().themes},
        reworded=reworded,
    )
