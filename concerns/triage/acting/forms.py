"""The forms of acting on a flag. Each carries an item, so that a double tap stores its step once."""

import secrets
from collections.abc import Mapping
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from concerns.pages.forms import DeskForm
from concerns.sealing.text import tidy
from concerns.triage.acting import rules
from concerns.triage.case.forms import ITEM_BYTES, choices

NAME_LENGTH = 100


def _tidied(value: str | None) -> str:
    return tidy(value or "")


class Fits:
    """Refuses a text that is too long for its place, and says by how much."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: DeskForm, field: Field) -> None:
        over = rules.too_long(field.data or "", self.limit)
        if over:
            raise ValidationError(f"{field.label.text}: {over:,} characters too long. Nothing is lost, shorten it")


def text(label: str, needed: str, limit: int) -> TextAreaField:
    """A text that must be there; `needed` is what is said where it is not."""
    return TextAreaField(label, filters=[_tidied], validators=[InputRequired(needed), Fits(limit)])


def one_of(label: str, named: Mapping[str, str], needed: str) -> RadioField:
    """A choice that must be made; nothing is chosen beforehand."""
    return RadioField(label, choices=choices(named), validators=[InputRequired(needed)], validate_choice=True)


class StepForm(DeskForm):
    """Ancestor of these forms, and all there is to a press."""

    item = HiddenField()

    def __init__(self, **data: Any) -> None:
        super().__init__(data={"item": secrets.token_hex(ITEM_BYTES), **data})

    @property
    def item_bytes(self) -> bytes:
        """What makes this form's envelopes its own; a form that lost it gets a new one."""
        try:
            item = bytes.fromhex(self.item.data or "")
        except ValueError:
            item = b""
        return item if len(item) == ITEM_BYTES else secrets.token_bytes(ITEM_BYTES)


class GateForm(StepForm):
    """Would acting on this show who spoke?"""

    know = one_of("How many people could know what this says?", rules.KNOWERS, "Choose how many people could know it")
    answer = one_of("Would acting on this show who spoke?", rules.ANSWERS, "Choose whether acting would show who spoke")
    ground = RadioField(
        "On what ground may you act?",
        choices=choices(rules.GATE_GROUNDS),
        validate_choice=False,
        filters=[lambda value: value if value in rules.GATE_GROUNDS else ""],
    )
    reason = text("Why", "Say why, for the other guardians", rules.REASON_BYTES)
    question = TextAreaField(
        "Question to the reporter", filters=[_tidied], validators=[Fits(rules.BRIEF_LIMIT)], name="question"
    )


class FairForm(StepForm):
    """The five questions before anything is aimed at one person."""

    deliberate, health, foresight, substitution, mitigating = (
        one_of(question, rules.KNOWN, f"Answer each question: {question[0].lower()}{question[1:].rstrip('?')}")
        for question in rules.FAIR_QUESTIONS.values()
    )
    reason = text("What you know, and from where", "Say what your answers rest on", rules.REASON_BYTES)

    @property
    def answers(self) -> dict[str, str]:
        return {name: self[name].data for name in rules.FAIR_QUESTIONS}


class ReasonForm(StepForm):
    """One guardian's part of a step that needs only a reason."""

    reason = text("Reason", "Give the reason: the second guardian reads it", rules.REASON_BYTES)


class BriefForm(StepForm):
    """A brief in general words, for whoever can act. Never filled with the reporter's words."""

    owner = StringField(
        "Who is to act",
        filters=[_tidied],
        validators=[
            InputRequired("Say who is to act: a role, such as head of nursing"),
            Length(max=NAME_LENGTH, message=f"Who is to act: at most {NAME_LENGTH} characters"),
        ],
    )
    person = one_of("Is it about what one person did?", rules.PERSON, "Choose whether it is about one person")
    text = text("Brief in general words", "Write the brief", rules.BRIEF_LIMIT)


class EscalationForm(StepForm):
    """Words that leaders may read: least content."""

    about = one_of(
        "What leaders must know of", rules.ESCALATIONS, "Choose whether it is severe, or somebody is treated badly"
    )
    person = one_of("Is it about what one person did?", rules.PERSON, "Choose whether it is about one person")
    text = text("Words for leaders", "Write the words for leaders", rules.BRIEF_LIMIT)


class HandOverForm(StepForm):
    """Who gets the original, on what ground."""

    recipient = one_of("Who gets it", rules.RECIPIENTS, "Choose who gets it")
    name = StringField(
        "Name",
        filters=[_tidied],
        validators=[
            InputRequired("Give the name of the person who gets it"),
            Length(max=NAME_LENGTH, message=f"Name: at most {NAME_LENGTH} characters"),
        ],
    )
    ground = one_of("On what ground", rules.HAND_OVER_GROUNDS, "Choose on what ground")
    person = one_of("Is it about what one person did?", rules.PERSON, "Choose whether it is about one person")
    reason = text("Reason", "Give the reason: the second guardian reads it", rules.REASON_BYTES)


class AgreeForm(StepForm):
    """The second guardian's part of a hand-over: what the reporter is told."""

    reply = text(
        "What the reporter is told", "Write what the reporter is told: this is not left out", rules.BRIEF_LIMIT
    )


class LinkForm(StepForm):
    """How long a brief may be read."""

    days = SelectField("How long the link works", choices=choices(rules.BRIEF_DAYS), default="14")
