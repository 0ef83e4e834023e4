"""Which questions the report form asks, and in which words. No question can be added, and none may ask who somebody is.

While set-up lasts the admin settles them; once guardians have signed them she drafts a change, and two of them sign it.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, SelectMultipleField, StringField, TextAreaField

from concerns.areas.model import Organisation
from concerns.areas.questions import OPTIONAL, PROMPTS, Questions, trouble
from concerns.audit.service import note
from concerns.charter.policy import Policy
from concerns.charter.service import CharterRefused, NotOpenYet
from concerns.pages.forms import DeskForm
from concerns.pages.languages import ENGLISH, LANGUAGES
from concerns.people import policies
from concerns.people.access import visitor
from concerns.people.asked import ASKED, NAMES, USUAL, language_name, usual
from concerns.people.fields import choices, tidied
from concerns.people.policies import Amendments
from concerns.people.settings.first_rules import SETTING_UP, TooLate
from concerns.people.settings.saving import save, stored
from concerns.store.house import house

__all__ = ["USUAL", "QuestionsForm", "Standing", "form", "form_for", "page", "standing"]

LATE = "The form was put up for signing while this page was open. What you typed stands below"


class QuestionsForm(DeskForm):
    """What is asked, and a line for each prompt in each language that the organisation offers."""

    asked = SelectMultipleField("Which of these does the form ask?", choices=choices(ASKED), validate_choice=False)

    languages: Sequence[str] = ()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        for language in self.languages:
            for name in PROMPTS:
                field = self.prompt(name, language)
                wrong = trouble(name, field.data or "")
                if wrong:
                    field.errors, good = [f"{field.label.text}: {wrong[0].lower()}{wrong[1:]}"], False
        return good

    def prompt(self, name: str, language: str) -> Field:
        """The field of a prompt."""
        return self[f"{name}_{language}"]

    @property
    def questions(self) -> Questions:
        """What was typed."""
        words = {
            language: {name: said for name in PROMPTS if (said := self.prompt(name, language).data)}
            for language in self.languages
        }
        return Questions(
            frozenset(OPTIONAL) - set(self.asked.data), {code: said for code, said in words.items() if said}
        )

    def changed(self, before: Questions) -> Questions:
        """What was typed; what was said in a language that is off stays, should it be turned on again."""
        kept = {code: words for code, words in before.words.items() if code not in self.languages}
        return Questions(self.questions.left_out, {**kept, **self.questions.words})


@dataclass(frozen=True)
class Standing:
    """What the page starts from, and what becomes of what is typed there."""

    questions: Questions
    #: those that the organisation offers
    languages: Sequence[str]
    #: the name and the text of the button; empty where nothing can be changed now
    step: str
    button: str
    #: once guardians have signed: what waits for them, and what is announced
    found: Amendments | None = None


def standing() -> Standing:
    """How far the form is: settled by the admin, with the guardians, or signed by them."""
    now = stored()
    settled = Questions.read(now.questions)
    if now.stage == SETTING_UP:
        return Standing(settled, now.languages, "save", "Save and go back to set-up")
    try:
        found = policies.amendments(house(), visitor().person_id)
    except (NotOpenYet, CharterRefused):
        return Standing(settled, now.languages, "", "")
    return Standing(found.newest.questions, now.languages, "put-up", "Put it up for signing", found)


def form_for(now: Standing, **given: Any) -> QuestionsForm:
    """The form with what stands there, or with what was sent."""
    languages = [language.code for language in LANGUAGES if language.code in {ENGLISH.code, *now.languages}]
    fields: dict[str, Any] = {"languages": languages}
    for language in languages:
        for name, label in NAMES.items():
            kind = TextAreaField if name == "text_hint" else StringField
            of = "" if len(languages) == 1 else f", in {language_name(language)}"
            fields[f"{name}_{language}"] = kind(f"{label}{of}", filters=[tidied])
    said = {f"{name}_{code}": words for code, prompts in now.questions.words.items() for name, words in prompts.items()}
    asked = [name for name in OPTIONAL if now.questions.asks(name)]
    made: QuestionsForm = type("TheQuestions", (QuestionsForm,), fields)(data={"asked": asked, **said}, **given)
    return made


def form() -> ResponseReturnValue:
    """The page; a press on “Preview” goes to the page that draws it."""
    now = standing()
    filled, step = form_for(now), request.form.get("step")
    if not filled.validate_on_submit() or step == "change":
        return page(now, filled), 422 if filled.errors else 200
    if not now.step or step != now.step:
        return page(now, filled, LATE), 409
    return _put_up(now, filled) if now.found else _settle(filled)


def _settle(filled: QuestionsForm) -> ResponseReturnValue:
    def change(row: Organisation) -> None:
        if row.stage != SETTING_UP:
            raise TooLate
        row.questions = filled.changed(Questions.read(row.questions)).stored

    try:
        return save("form", "The report form is saved", change)
    except TooLate:
        return page(standing(), filled, LATE), 409


def _put_up(now: Standing, filled: QuestionsForm) -> ResponseReturnValue:
    def change(newest: Policy) -> Policy:
        return dataclasses.replace(newest, questions=filled.changed(newest.questions))

    try:
        draft = policies.put_up(house(), change)
    except (NotOpenYet, CharterRefused) as refused:
        return page(now, filled, str(refused)), 409
    note(house(), visitor().person_id, "drafted", about=str(draft.after.number))
    flash("The change is put up. It waits for the signatures of two guardians")
    return redirect(url_for("people.settings.form"))


def page(now: Standing, filled: QuestionsForm, refused: str = "") -> str:
    """The form's page, with whatever is wrong with it."""
    prompts = [
        (language_name(code), [(filled.prompt(name, code), words) for name, words in usual(code).items()])
        for code in filled.languages
    ]
    codes = [(code, language_name(code)) for code in filled.languages]
    return render_template(
        "people/settings/form.html", form=filled, prompts=prompts, codes=codes, now=now, refused=refused
    )
