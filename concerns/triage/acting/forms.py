"""The forms of acting on a flag. Each carries an item, so that a double tap stores its step once."""

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from concerns.people.fields import Fits, StepForm, choices, one_of, text, tidied
from concerns.triage.acting import rules

NAME_LENGTH = 100


class GateForm(StepForm):
    """Would acting on this show who spoke? `heard` is how many messages its page showed."""

    heard = HiddenField()
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
        "Question to the reporter", filters=[tidied], validators=[Fits(rules.BRIEF_LIMIT)], name="question"
    )

    def overtaken(self, heard: int) -> bool:
        """Whether the reporter wrote more than the page of this form showed; from now on it carries what there is."""
        before, self.heard.data = self.heard.data, str(heard)
        return bool(before != self.heard.data)


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
        filters=[tidied],
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
        filters=[tidied],
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
